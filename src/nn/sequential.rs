//! `nn.Sequential`

use super::module::{Forward, Module, NamedTensor};

/// Modules one after the other, named `0`, `1`, … as in PyTorch.
#[derive(Default)]
pub struct Sequential {
    children: Vec<Box<dyn Module>>,
}

impl Sequential {
    /// A chain of modules.
    pub fn new(children: Vec<Box<dyn Module>>) -> Self {
        Self { children }
    }

    /// The modules in order.
    pub fn children(&self) -> &[Box<dyn Module>] {
        &self.children
    }
}

impl Module for Sequential {
    fn forward<'a>(&'a self, input: &'a crate::Tensor) -> Forward<'a> {
        Box::pin(async move {
            let mut value = input.clone();
            let mut children = self.children.iter().peekable();
            while let Some(child) = children.next() {
                let together = match children.peek() {
                    Some(next) if next.is_relu() => child.forward_relu(&value),
                    _ => None,
                };
                value = match together {
                    Some(result) => {
                        children.next();
                        result?
                    }
                    None => child.forward(&value).await?,
                };
            }
            Ok(value)
        })
    }

    fn train(&self, on: bool) {
        for child in &self.children {
            child.train(on);
        }
    }

    fn state(&self, prefix: &str) -> Vec<NamedTensor> {
        let children = self.children.iter().enumerate();
        children
            .flat_map(|(at, child)| child.state(&format!("{prefix}{at}.")))
            .collect()
    }

    fn describe(&self) -> String {
        let lines =
            self.children.iter().enumerate().map(|(at, child)| {
                format!("  ({at}): {}\n", child.describe().replace('\n', "\n  "))
            });
        format!("Sequential(\n{})", lines.collect::<String>())
    }
}
