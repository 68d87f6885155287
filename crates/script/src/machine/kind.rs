//! The built-in exceptions and their bases, a base before what derives from it.

macro_rules! kinds {
    ($($kind:ident: $base:expr;)*) => {
        /// A built-in exception class.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "they are Python's own names")]
        pub enum Kind { $($kind,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// The class's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => stringify!($kind),)* }
            }

            /// The class it derives from; `None` for the first.
            #[must_use]
            pub fn base(self) -> Option<Self> {
                match self { $(Self::$kind => $base,)* }
            }
        }
    };
}

kinds! {
    BaseException: None;
    BaseExceptionGroup: Some(Self::BaseException);
    GeneratorExit: Some(Self::BaseException);
    KeyboardInterrupt: Some(Self::BaseException);
    SystemExit: Some(Self::BaseException);
    Exception: Some(Self::BaseException);
    ExceptionGroup: Some(Self::BaseExceptionGroup);
    ArithmeticError: Some(Self::Exception);
    FloatingPointError: Some(Self::ArithmeticError);
    OverflowError: Some(Self::ArithmeticError);
    ZeroDivisionError: Some(Self::ArithmeticError);
    AssertionError: Some(Self::Exception);
    AttributeError: Some(Self::Exception);
    BufferError: Some(Self::Exception);
    EOFError: Some(Self::Exception);
    ImportError: Some(Self::Exception);
    ModuleNotFoundError: Some(Self::ImportError);
    LookupError: Some(Self::Exception);
    IndexError: Some(Self::LookupError);
    KeyError: Some(Self::LookupError);
    MemoryError: Some(Self::Exception);
    NameError: Some(Self::Exception);
    UnboundLocalError: Some(Self::NameError);
    OSError: Some(Self::Exception);
    BlockingIOError: Some(Self::OSError);
    ChildProcessError: Some(Self::OSError);
    ConnectionError: Some(Self::OSError);
    BrokenPipeError: Some(Self::ConnectionError);
    ConnectionAbortedError: Some(Self::ConnectionError);
    ConnectionRefusedError: Some(Self::ConnectionError);
    ConnectionResetError: Some(Self::ConnectionError);
    FileExistsError: Some(Self::OSError);
    FileNotFoundError: Some(Self::OSError);
    InterruptedError: Some(Self::OSError);
    IsADirectoryError: Some(Self::OSError);
    NotADirectoryError: Some(Self::OSError);
    PermissionError: Some(Self::OSError);
    ProcessLookupError: Some(Self::OSError);
    TimeoutError: Some(Self::OSError);
    ReferenceError: Some(Self::Exception);
    RuntimeError: Some(Self::Exception);
    NotImplementedError: Some(Self::RuntimeError);
    RecursionError: Some(Self::RuntimeError);
    StopIteration: Some(Self::Exception);
    StopAsyncIteration: Some(Self::Exception);
    SyntaxError: Some(Self::Exception);
    IndentationError: Some(Self::SyntaxError);
    TabError: Some(Self::IndentationError);
    SystemError: Some(Self::Exception);
    TypeError: Some(Self::Exception);
    ValueError: Some(Self::Exception);
    UnicodeError: Some(Self::ValueError);
    UnicodeDecodeError: Some(Self::UnicodeError);
    UnicodeEncodeError: Some(Self::UnicodeError);
    UnicodeTranslateError: Some(Self::UnicodeError);
    Warning: Some(Self::Exception);
    BytesWarning: Some(Self::Warning);
    DeprecationWarning: Some(Self::Warning);
    EncodingWarning: Some(Self::Warning);
    FutureWarning: Some(Self::Warning);
    ImportWarning: Some(Self::Warning);
    PendingDeprecationWarning: Some(Self::Warning);
    ResourceWarning: Some(Self::Warning);
    RuntimeWarning: Some(Self::Warning);
    SyntaxWarning: Some(Self::Warning);
    UnicodeWarning: Some(Self::Warning);
    UserWarning: Some(Self::Warning);
}
