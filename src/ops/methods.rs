//! Gives `Tensor` a method for each entry of the table that Rust code calls by name.

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident => $operation:ident ($($argument:ident: $kind:ty),*);)*) => {
        impl Tensor {
            $($(#[$doc])*
            ///
            /// # Errors
            /// As PyTorch's function of this name.
            pub fn $name(&self, $($argument: $kind),*) -> Result<Tensor> {
                $operation.call(vec![self.into(), $($argument.into()),*])
            })*
        }
    };
}
pub(super) use methods;
