//! Names: each is loaded, stored and deleted as its scope says.

use super::Compiler;
use super::scope::{Reach, mangled};
use crate::code::{CodeKind, Op};

impl Compiler<'_> {
    /// The slot of a name, made if it has none yet.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "code has fewer than four thousand million slots"
    )]
    pub(super) fn slot(&mut self, name: &str) -> u32 {
        let name = self.machine.name(name);
        let slots = &mut self.here().slots;
        let known = slots.iter().position(|slot| slot.as_str() == name.as_str());
        known.unwrap_or_else(|| {
            slots.push(name);
            slots.len() - 1
        }) as u32
    }

    /// How a name is reached from here.
    pub(super) fn reach(&mut self, name: &str) -> Reach {
        self.known_as(name).1
    }

    fn known_as(&mut self, name: &str) -> (String, Reach) {
        let class = self.here().class.clone();
        let name = mangled(class.as_deref(), name);
        let reach = self.here().scope.reach_of(&name);
        (name, reach)
    }

    /// Pushes a name's value.
    pub(super) fn load(&mut self, name: &str) {
        let (name, reach) = self.known_as(name);
        let op = match reach {
            Reach::Local => Op::LoadLocal(self.slot(&name)),
            Reach::Cell => Op::LoadCell(self.slot(&name)),
            Reach::Free if self.here().kind == CodeKind::Class => {
                let slot = self.slot(&name);
                let name = self.machine.name(&name);
                Op::LoadClassCell(slot | self.asm().name(&name) << 16)
            }
            Reach::Free => Op::LoadCell(self.slot(&name)),
            Reach::Named if self.here().kind == CodeKind::Class => {
                let name = self.machine.name(&name);
                Op::LoadName(self.asm().name(&name))
            }
            Reach::Named | Reach::Global => {
                let name = self.machine.name(&name);
                Op::LoadGlobal(self.asm().site(&name))
            }
        };
        self.asm().emit(op, 1);
    }

    /// Stores what is on the stack under a name.
    pub(super) fn store(&mut self, name: &str) {
        let (name, reach) = self.known_as(name);
        let op = match reach {
            Reach::Local => Op::StoreLocal(self.slot(&name)),
            Reach::Cell | Reach::Free => Op::StoreCell(self.slot(&name)),
            Reach::Named if self.here().kind == CodeKind::Class => {
                let name = self.machine.name(&name);
                Op::StoreName(self.asm().name(&name))
            }
            Reach::Named | Reach::Global => {
                let name = self.machine.name(&name);
                Op::StoreGlobal(self.asm().site(&name))
            }
        };
        self.asm().emit(op, -1);
    }

    /// `del name`
    pub(super) fn delete(&mut self, name: &str) {
        let (name, reach) = self.known_as(name);
        let op = match reach {
            Reach::Local => Op::DeleteLocal(self.slot(&name)),
            Reach::Cell | Reach::Free => Op::DeleteCell(self.slot(&name)),
            Reach::Named if self.here().kind == CodeKind::Class => {
                let name = self.machine.name(&name);
                Op::DeleteName(self.asm().name(&name))
            }
            Reach::Named | Reach::Global => {
                let name = self.machine.name(&name);
                Op::DeleteGlobal(self.asm().site(&name))
            }
        };
        self.asm().emit(op, 0);
    }
}
