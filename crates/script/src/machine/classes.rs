//! The built-in classes: made bare when a machine is, filled with methods by `builtins`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{Kind, Machine};
use crate::value::{Class, ClassFlags, Table, Value};

macro_rules! classes {
    ($($field:ident $name:literal $last:literal;)*) => {
        /// The built-in classes, a field each.
        #[expect(missing_docs, reason = "they are Python's own names")]
        pub struct Classes {
            pub object: Rc<Class>,
            pub type_: Rc<Class>,
            pub bool: Rc<Class>,
            $(pub $field: Rc<Class>,)*
            /// One for each [`Kind`], in its order.
            pub exceptions: Vec<Rc<Class>>,
        }

        impl Classes {
            pub(super) fn new(_machine: &Machine) -> Self {
                let native = ClassFlags { native: true, last: false, bare: true };
                let object = Class::new("object", Vec::new(), Vec::new(), Table::new(), native);
                let make = |name: &str, base: &Rc<Class>, last: bool| {
                    let flags = ClassFlags { last, ..native };
                    Class::new(name, vec![Rc::clone(base)], base.order(), Table::new(), flags)
                };
                let type_ = make("type", &object, false);
                object.set_metaclass(Rc::clone(&type_));
                type_.set_metaclass(Rc::clone(&type_));
                $(let $field = {
                    let class = make($name, &object, $last);
                    class.set_metaclass(Rc::clone(&type_));
                    class
                };)*
                let bool = make("bool", &int, true);
                bool.set_metaclass(Rc::clone(&type_));
                let mut exceptions: Vec<Rc<Class>> = Vec::new();
                for kind in Kind::ALL {
                    let base = match kind.base() {
                        Some(base) => exceptions.get(base as usize).map_or_else(|| Rc::clone(&object), Rc::clone),
                        None => Rc::clone(&object),
                    };
                    let class = make(kind.name(), &base, false);
                    class.set_flags(ClassFlags { bare: false, ..native });
                    class.set_metaclass(Rc::clone(&type_));
                    exceptions.push(class);
                }
                Self { object, type_, bool, $($field,)* exceptions }
            }

            /// Every class that has a name in `builtins`.
            #[must_use]
            pub fn named(&self) -> Vec<&Rc<Class>> {
                let mut all = vec![&self.object, &self.type_, &self.bool];
                $(all.push(&self.$field);)*
                all.extend(self.exceptions.iter());
                all
            }
        }
    };
}

classes! {
    int "int" false;
    float "float" false;
    complex "complex" false;
    str "str" false;
    bytes "bytes" false;
    bytearray "bytearray" false;
    list "list" false;
    tuple "tuple" false;
    dict "dict" false;
    set "set" false;
    frozenset "frozenset" false;
    range "range" true;
    slice "slice" true;
    function "function" true;
    builtin_function "builtin_function_or_method" true;
    method_descriptor "method_descriptor" true;
    method "method" true;
    module "module" false;
    none_type "NoneType" true;
    ellipsis_type "ellipsis" true;
    not_implemented_type "NotImplementedType" true;
    generator "generator" true;
    property "property" false;
    static_method "staticmethod" false;
    class_method "classmethod" false;
    cell "cell" true;
    code "code" true;
    super_ "super" false;
    iterator "iterator" true;
    list_iterator "list_iterator" true;
    tuple_iterator "tuple_iterator" true;
    str_iterator "str_iterator" true;
    bytes_iterator "bytes_iterator" true;
    range_iterator "range_iterator" true;
    set_iterator "set_iterator" true;
    dict_key_iterator "dict_keyiterator" true;
    dict_value_iterator "dict_valueiterator" true;
    dict_item_iterator "dict_itemiterator" true;
    list_reverse_iterator "list_reverseiterator" true;
    callable_iterator "callable_iterator" true;
    dict_keys "dict_keys" true;
    dict_values "dict_values" true;
    dict_items "dict_items" true;
    mapping_proxy "mappingproxy" true;
    generic_alias "GenericAlias" false;
    union_type "UnionType" true;
    enumerate "enumerate" false;
    zip "zip" false;
    map "map" false;
    filter "filter" false;
    reversed "reversed" false;
    traceback "traceback" true;
    member_descriptor "member_descriptor" true;
}

impl Machine {
    /// The class of an exception kind.
    #[must_use]
    pub fn exception_class(&self, kind: Kind) -> Rc<Class> {
        Rc::clone(&self.classes().exceptions[kind as usize])
    }

    /// `type(value)`
    #[must_use]
    pub fn type_of(&self, value: &Value) -> Rc<Class> {
        let classes = self.classes();
        let class = match value {
            Value::Unbound | Value::None => &classes.none_type,
            Value::Ellipsis => &classes.ellipsis_type,
            Value::NotImplemented => &classes.not_implemented_type,
            Value::Bool(_) => &classes.bool,
            Value::Int(_) | Value::Big(_) => &classes.int,
            Value::Float(_) => &classes.float,
            Value::Str(_) => &classes.str,
            Value::Bytes(_) => &classes.bytes,
            Value::Tuple(_) => &classes.tuple,
            Value::List(_) => &classes.list,
            Value::Dict(_) => &classes.dict,
            Value::Function(_) => &classes.function,
            Value::Native(native) if native.is_method => &classes.method_descriptor,
            Value::Native(_) => &classes.builtin_function,
            Value::Bound(bound) => match &bound.function {
                Value::Native(_) => &classes.builtin_function,
                _ => &classes.method,
            },
            Value::Class(class) => {
                return class
                    .metaclass()
                    .unwrap_or_else(|| Rc::clone(&classes.type_));
            }
            Value::Object(object) => return object.class(),
            Value::Cell(_) => &classes.cell,
        };
        Rc::clone(class)
    }

    /// `type(value).__name__`
    #[must_use]
    pub fn type_name(&self, value: &Value) -> Rc<crate::value::Str> {
        self.type_of(value).name()
    }

    /// Whether the value's class is `class` or derives from it.
    #[must_use]
    pub fn is_instance(&self, value: &Value, class: &Rc<Class>) -> bool {
        match value {
            Value::Object(object) => object.class().is_subclass_of(class),
            _ => self.type_of(value).is_subclass_of(class),
        }
    }

    /// The table of an instance of class `module`.
    pub(crate) fn module_table(&self, value: &Value) -> Option<Rc<RefCell<Table>>> {
        value
            .payload::<crate::builtins::function_type::ModuleBody>()
            .map(|body| Rc::clone(&body.table))
    }
}
