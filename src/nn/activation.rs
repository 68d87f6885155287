//! Activations as modules.

use super::module::{Forward, Module};
use crate::tensor::Tensor;

macro_rules! activation {
    ($(#[$doc:meta])* $name:ident => $function:ident, relu: $relu:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default)]
        pub struct $name;

        impl Module for $name {
            fn forward<'a>(&'a self, input: &'a Tensor) -> Forward<'a> {
                Box::pin(async move { input.$function() })
            }

            fn is_relu(&self) -> bool {
                $relu
            }

            fn describe(&self) -> String {
                concat!(stringify!($name), "()").into()
            }
        }
    };
}

activation! {
    /// `nn.ReLU`
    ReLU => relu, relu: true
}
activation! {
    /// `nn.Tanh`
    Tanh => tanh, relu: false
}
activation! {
    /// `nn.Sigmoid`
    Sigmoid => sigmoid, relu: false
}
