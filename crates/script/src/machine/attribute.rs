//! Attributes: found on classes and instances, bound by descriptors, remembered where they were found.

use std::rc::{Rc, Weak};

use super::fiber::Resume;
use super::run::{Flow, Registers};
use super::{Kind, Machine, Outcome, Raised, Running};
use crate::builtins::descriptor::{ClassMethod, Property, StaticMethod};
use crate::builtins::exception::ExceptionBody;
use crate::builtins::function_type;
use crate::code::Code;
use crate::value::{Bound, Class, Object, Str, Value};

/// What classes were last asked for, until any class changes.
#[derive(Default)]
pub(crate) struct Cache {
    places: Vec<Option<Place>>,
}

struct Place {
    class: Weak<Class>,
    name: Rc<Str>,
    found: Option<Value>,
}

/// A power of two.
const PLACES: usize = 2048;

impl Machine {
    /// Forgets what classes were asked for: one has changed.
    pub fn class_changed(&self) {
        self.state().cache.borrow_mut().places.clear();
    }

    /// An attribute of a class or its ancestors, not bound.
    #[must_use]
    pub fn find_in_class(&self, class: &Rc<Class>, name: &Rc<Str>) -> Option<Value> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "any bits of the hash serve"
        )]
        let at = ((Rc::as_ptr(class) as usize >> 4) ^ name.hash() as usize) & (PLACES - 1);
        if let Some(Some(place)) = self.state().cache.borrow().places.get(at)
            && std::ptr::eq(place.class.as_ptr(), Rc::as_ptr(class))
            && Rc::ptr_eq(&place.name, name)
        {
            return place.found.clone();
        }
        let found = class.find(name);
        let places = &mut self.state().cache.borrow_mut().places;
        if places.is_empty() {
            places.resize_with(PLACES, || None);
        }
        places[at] = Some(Place {
            class: Rc::downgrade(class),
            name: Rc::clone(name),
            found: found.clone(),
        });
        found
    }

    /// A special method of a value's class, not bound.
    #[must_use]
    pub fn find_special(&self, value: &Value, name: &str) -> Option<Value> {
        self.find_in_class(&self.type_of(value), &self.name(name))
    }

    /// A static method's function; anything else as it is.
    pub(crate) fn unwrap_static(&self, value: &Value) -> Value {
        value
            .payload::<StaticMethod>()
            .map_or_else(|| value.clone(), |method| method.function.clone())
    }

    /// Binds what was found on a class to an instance, as descriptors do.
    ///
    /// # Errors
    /// What a getter raises.
    pub async fn bind_to(&self, found: &Value, instance: &Value) -> Outcome {
        match self.bind_quickly(found, instance, &self.type_of(instance)) {
            Some(bound) => Ok(bound),
            None => {
                self.bind_slowly(found, Some(instance), &self.type_of(instance))
                    .await
            }
        }
    }

    /// Binds what needs no call; `None` for descriptors that do.
    fn bind_quickly(&self, found: &Value, instance: &Value, class: &Rc<Class>) -> Option<Value> {
        match found {
            Value::Function(_) => Some(bound(found, instance)),
            Value::Native(native) if native.is_method => Some(bound(found, instance)),
            Value::Object(_) => {
                if let Some(method) = found.payload::<StaticMethod>() {
                    Some(method.function.clone())
                } else if let Some(method) = found.payload::<ClassMethod>() {
                    Some(bound(&method.function, &Value::Class(Rc::clone(class))))
                } else if found.payload::<Property>().is_some() || self.has_get(found) {
                    None
                } else {
                    Some(found.clone())
                }
            }
            _ => Some(found.clone()),
        }
    }

    fn has_get(&self, found: &Value) -> bool {
        self.find_in_class(&self.type_of(found), &self.names().get)
            .is_some()
    }

    async fn bind_slowly(
        &self,
        found: &Value,
        instance: Option<&Value>,
        class: &Rc<Class>,
    ) -> Outcome {
        if let (Some(property), Some(instance)) = (found.payload::<Property>(), instance) {
            return property.get(self, instance).await;
        }
        let Some(get) = self.find_in_class(&self.type_of(found), &self.names().get) else {
            return Ok(found.clone());
        };
        let instance = instance.cloned().unwrap_or(Value::None);
        self.call(
            &get,
            vec![found.clone(), instance, Value::Class(Rc::clone(class))],
        )
        .await
    }

    /// Whether what a class has wins over what the instance has: it can set or delete.
    fn is_data_descriptor(&self, found: &Value) -> bool {
        let Value::Object(_) = found else {
            return false;
        };
        if found.payload::<Property>().is_some() {
            return true;
        }
        let class = self.type_of(found);
        self.find_in_class(&class, &self.names().set).is_some()
            || self.find_in_class(&class, &self.names().delete).is_some()
    }

    /// An attribute that is found without calling anything; `None` where something must be called or nothing is there.
    fn attribute_quickly(&self, value: &Value, name: &Rc<Str>) -> Option<Value> {
        match value {
            Value::Object(object) => {
                let class = object.class();
                if let Some(table) = self.module_table(value) {
                    return table.borrow().get(name).cloned();
                }
                if self.has_own_lookup(&class) {
                    return None;
                }
                let found = self.find_in_class(&class, name);
                if let Some(found) = &found
                    && self.is_data_descriptor(found)
                {
                    return None;
                }
                if let Some(own) = object.attributes().get(name) {
                    return Some(own.clone());
                }
                self.bind_quickly(&found?, value, &class)
            }
            Value::Class(class) => {
                let meta = self.type_of(value);
                if !Rc::ptr_eq(&meta, &self.classes().type_) {
                    return None;
                }
                let found = self.find_in_class(class, name)?;
                match &found {
                    Value::Function(_) | Value::Native(_) => Some(found),
                    Value::Object(_) => {
                        if let Some(method) = found.payload::<StaticMethod>() {
                            Some(method.function.clone())
                        } else if let Some(method) = found.payload::<ClassMethod>() {
                            Some(bound(&method.function, value))
                        } else if self.has_get(&found) {
                            None
                        } else {
                            Some(found)
                        }
                    }
                    _ => Some(found),
                }
            }
            _ => {
                let class = self.type_of(value);
                let found = self.find_in_class(&class, name)?;
                self.bind_quickly(&found, value, &class)
            }
        }
    }

    /// Whether a class says itself how its attributes are found.
    fn has_own_lookup(&self, class: &Rc<Class>) -> bool {
        !matches!(
            self.find_in_class(class, &self.names().getattribute),
            Some(Value::Native(_)) | None
        )
    }

    /// `value.name`
    ///
    /// # Errors
    /// AttributeError, and what is called raises.
    pub fn get_attribute(&self, value: &Value, name: &Rc<Str>) -> Running {
        if let Some(found) = self.attribute_quickly(value, name) {
            return Box::pin(std::future::ready(Ok(found)));
        }
        let (machine, value, name) = (self.clone(), value.clone(), Rc::clone(name));
        Box::pin(async move {
            let class = machine.type_of(&value);
            let outcome = if machine.has_own_lookup(&class)
                && let Some(lookup) = machine.find_in_class(&class, &machine.names().getattribute)
            {
                machine
                    .call(&lookup, vec![value.clone(), Value::Str(Rc::clone(&name))])
                    .await
            } else {
                machine.plain_attribute(&value, &name).await
            };
            match outcome {
                Err(raised) if machine.is_raised(&raised, Kind::AttributeError) => {
                    if let Some(lookup) = machine.find_in_class(&class, &machine.names().getattr) {
                        return machine.call(&lookup, vec![value, Value::Str(name)]).await;
                    }
                    if let Some(table) = machine.module_table(&value) {
                        let lookup = table.borrow().get(&machine.names().getattr).cloned();
                        if let Some(lookup) = lookup {
                            return machine.call(&lookup, vec![Value::Str(name)]).await;
                        }
                    }
                    Err(raised)
                }
                other => other,
            }
        })
    }

    /// What `object.__getattribute__` and `type.__getattribute__` do.
    ///
    /// # Errors
    /// AttributeError, and what is called raises.
    pub async fn plain_attribute(&self, value: &Value, name: &Rc<Str>) -> Outcome {
        let class = self.type_of(value);
        let found = self.find_in_class(&class, name);
        if let Some(found) = &found
            && self.is_data_descriptor(found)
        {
            return self.bind_to(found, value).await;
        }
        match value {
            Value::Object(object) => {
                if let Some(table) = self.module_table(value)
                    && let Some(own) = table.borrow().get(name)
                {
                    return Ok(own.clone());
                }
                if let Some(own) = object.attributes().get(name) {
                    return Ok(own.clone());
                }
            }
            Value::Class(own) => {
                if let Some(found) = self.find_in_class(own, name) {
                    return match self.attribute_of_class(own, &found) {
                        Some(value) => Ok(value),
                        None => self.bind_slowly(&found, None, own).await,
                    };
                }
            }
            _ => {}
        }
        if let Some(own) = function_type::own_attribute(self, value, name) {
            return own;
        }
        match found {
            Some(found) => self.bind_to(&found, value).await,
            None => Err(self.no_attribute(value, name)),
        }
    }

    fn attribute_of_class(&self, class: &Rc<Class>, found: &Value) -> Option<Value> {
        if let Some(method) = found.payload::<StaticMethod>() {
            return Some(method.function.clone());
        }
        if let Some(method) = found.payload::<ClassMethod>() {
            return Some(bound(&method.function, &Value::Class(Rc::clone(class))));
        }
        let is_plain = !matches!(found, Value::Object(_))
            || !self.has_get(found)
            || found.payload::<Property>().is_some();
        is_plain.then(|| found.clone())
    }

    /// "'A' object has no attribute 'x'"
    #[must_use]
    pub fn no_attribute(&self, value: &Value, name: &Rc<Str>) -> Raised {
        let name_text = name.as_str();
        let text = match value {
            Value::Class(class) => format!(
                "type object '{}' has no attribute '{name_text}'",
                class.name().as_str()
            ),
            _ => match self.module_table(value) {
                Some(table) => {
                    let module = table
                        .borrow()
                        .get(&self.names().name)
                        .and_then(|name| name.as_str().cloned());
                    format!(
                        "module '{}' has no attribute '{name_text}'",
                        module.as_deref().map_or("", Str::as_str)
                    )
                }
                None => format!(
                    "'{}' object has no attribute '{name_text}'",
                    self.type_name(value).as_str()
                ),
            },
        };
        let raised = self.attribute_error(text);
        if let Some(body) = raised.exception.payload::<ExceptionBody>() {
            *body.about.borrow_mut() = Some((Rc::clone(name), value.clone()));
        }
        raised
    }

    /// `getattr(value, name, nothing)`
    ///
    /// # Errors
    /// What is called raises, but for AttributeError.
    pub async fn find_attribute(&self, value: &Value, name: &Rc<Str>) -> Outcome<Option<Value>> {
        match self.get_attribute(value, name).await {
            Ok(found) => Ok(Some(found)),
            Err(raised) if self.is_raised(&raised, Kind::AttributeError) => Ok(None),
            Err(raised) => Err(raised),
        }
    }

    pub(super) fn load_attribute_op(
        &self,
        r: &mut Registers<'_>,
        code: &Rc<Code>,
        site: u32,
    ) -> Flow {
        let name = &code.sites[site as usize].name;
        if let Some(found) = self.attribute_quickly(r.peek(0), name) {
            let at = r.stack.len() - 1;
            r.stack[at] = found;
            return Flow::Next;
        }
        r.fiber.pc.set(r.pc);
        let value = r.pop();
        Flow::Wait(self.get_attribute(&value, name), Resume::Push)
    }

    pub(super) fn load_method_op(&self, r: &mut Registers<'_>, code: &Rc<Code>, site: u32) -> Flow {
        let name = &code.sites[site as usize].name;
        let value = r.peek(0);
        // A plain method of the class that the instance does not hide: no bound method need be made.
        let class = self.type_of(value);
        let hidden = match value {
            Value::Object(object) => {
                self.module_table(value).is_some()
                    || self.has_own_lookup(&class)
                    || object.attributes().position(name).is_some()
            }
            Value::Class(_) => true,
            _ => false,
        };
        if !hidden && let Some(found) = self.find_in_class(&class, name) {
            let is_method = match &found {
                Value::Function(_) => true,
                Value::Native(native) => native.is_method,
                _ => false,
            };
            if is_method {
                let receiver = r.pop();
                r.push(found);
                r.push(receiver);
                return Flow::Next;
            }
        }
        if let Some(found) = self.attribute_quickly(r.peek(0), name) {
            let at = r.stack.len() - 1;
            r.stack[at] = found;
            r.push(Value::Unbound);
            return Flow::Next;
        }
        r.fiber.pc.set(r.pc);
        let value = r.pop();
        let running = self.get_attribute(&value, name);
        let pair: Running =
            Box::pin(async move { Ok(Value::tuple(vec![Value::Unbound, running.await?])) });
        Flow::Wait(pair, Resume::Spread)
    }

    /// `value.name = new`
    ///
    /// # Errors
    /// AttributeError, TypeError, and what is called raises.
    pub async fn set_attribute(&self, value: &Value, name: &Rc<Str>, new: Value) -> Outcome<()> {
        let class = self.type_of(value);
        if let Some(set) = self.find_in_class(&class, &self.names().setattr)
            && !matches!(set, Value::Native(_))
        {
            return self
                .call(&set, vec![value.clone(), Value::Str(Rc::clone(name)), new])
                .await
                .map(drop);
        }
        self.plain_set_attribute(value, name, new).await
    }

    /// What `object.__setattr__` and `type.__setattr__` do.
    ///
    /// # Errors
    /// AttributeError, TypeError, and what is called raises.
    pub async fn plain_set_attribute(
        &self,
        value: &Value,
        name: &Rc<Str>,
        new: Value,
    ) -> Outcome<()> {
        let class = self.type_of(value);
        if let Some(found) = self.find_in_class(&class, name)
            && let Value::Object(_) = &found
        {
            if let Some(property) = found.payload::<Property>() {
                return property.set(self, value, new).await;
            }
            if let Some(set) = self.find_in_class(&self.type_of(&found), &self.names().set) {
                return self
                    .call(&set, vec![found, value.clone(), new])
                    .await
                    .map(drop);
            }
        }
        match value {
            Value::Object(object) => self.set_own(value, object, name, new),
            Value::Class(own) if own.flags().native => {
                let text = format!(
                    "cannot set '{}' attribute of immutable type '{}'",
                    name.as_str(),
                    own.name().as_str()
                );
                Err(self.type_error(text))
            }
            Value::Class(own) => {
                super::class_making::set_class_attribute(self, own, name, new)?;
                self.class_changed();
                Ok(())
            }
            _ => match function_type::set_own_attribute(self, value, name, &new) {
                Some(outcome) => outcome,
                None => Err(self.no_attribute(value, name)),
            },
        }
    }

    fn set_own(
        &self,
        value: &Value,
        object: &Rc<Object>,
        name: &Rc<Str>,
        new: Value,
    ) -> Outcome<()> {
        if let Some(table) = self.module_table(value) {
            table.borrow_mut().set(name, new);
            return Ok(());
        }
        let class = object.class();
        if Rc::ptr_eq(name, &self.names().class) {
            let Value::Class(new) = new else {
                let text = format!(
                    "__class__ must be set to a class, not '{}' object",
                    self.type_name(&new).as_str()
                );
                return Err(self.type_error(text));
            };
            object.set_class(new);
            return Ok(());
        }
        if class.flags().bare {
            return Err(self.no_attribute(value, name));
        }
        object.attributes_mut().set(name, new);
        Ok(())
    }

    /// `del value.name`
    ///
    /// # Errors
    /// AttributeError, and what is called raises.
    pub async fn delete_attribute(&self, value: &Value, name: &Rc<Str>) -> Outcome<()> {
        let class = self.type_of(value);
        if let Some(delete) = self.find_in_class(&class, &self.names().delattr)
            && !matches!(delete, Value::Native(_))
        {
            return self
                .call(&delete, vec![value.clone(), Value::Str(Rc::clone(name))])
                .await
                .map(drop);
        }
        self.plain_delete_attribute(value, name).await
    }

    /// What `object.__delattr__` does.
    ///
    /// # Errors
    /// AttributeError, and what is called raises.
    pub async fn plain_delete_attribute(&self, value: &Value, name: &Rc<Str>) -> Outcome<()> {
        let class = self.type_of(value);
        if let Some(found) = self.find_in_class(&class, name)
            && let Value::Object(_) = &found
        {
            if let Some(property) = found.payload::<Property>() {
                return property.delete(self, value).await;
            }
            if let Some(delete) = self.find_in_class(&self.type_of(&found), &self.names().delete) {
                return self
                    .call(&delete, vec![found, value.clone()])
                    .await
                    .map(drop);
            }
        }
        let removed = match value {
            Value::Object(object) => match self.module_table(value) {
                Some(table) => table.borrow_mut().remove_name(name),
                None => object.attributes_mut().remove_name(name),
            },
            Value::Class(own) if !own.flags().native => {
                let removed = own.attributes_mut().remove_name(name);
                self.class_changed();
                removed
            }
            Value::Function(function) => function.attributes.borrow_mut().remove_name(name),
            _ => None,
        };
        match removed {
            Some(_) => Ok(()),
            None => Err(self.no_attribute(value, name)),
        }
    }
}

fn bound(function: &Value, receiver: &Value) -> Value {
    Value::Bound(Rc::new(Bound {
        function: function.clone(),
        receiver: receiver.clone(),
    }))
}
