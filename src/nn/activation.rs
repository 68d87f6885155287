//! Activations as modules.

use super::module::{Forward, Module};
use crate::tensor::Tensor;

macro_rules! activation {
    ($(#[$doc:meta])* $name:ident => $function:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default)]
        pub struct $name;

        impl Module for $name {
            fn forward<'a>(&'a self, input: &'a Tensor) -> Forward<'a> {
                Box::pin(async move { input.$function() })
            }

            fn describe(&self) -> String {
                concat!(stringify!($name), "()").into()
            }
        }
    };
}

activation! {
    /// `nn.ReLU`
    ReLU => relu
}
activation! {
    /// `nn.Tanh`
    Tanh => tanh
}
activation! {
    /// `nn.Sigmoid`
    Sigmoid => sigmoid
}
