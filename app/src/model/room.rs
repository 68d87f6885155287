//! The page's rooms and their addresses.

/// A room of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// Train Fashion-MNIST and watch it overfit.
    #[default]
    Lab,
    /// Make tensors and apply operations.
    Tensors,
    /// Walk the autograd graph.
    Graph,
}

impl Room {
    /// Every room, in the order of the navigation.
    pub const ALL: [Self; 3] = [Self::Lab, Self::Tensors, Self::Graph];

    /// The address within the page.
    pub fn hash(self) -> &'static str {
        match self {
            Self::Lab => "#lab",
            Self::Tensors => "#tensors",
            Self::Graph => "#graph",
        }
    }

    /// The name in the navigation.
    pub fn label(self) -> &'static str {
        match self {
            Self::Lab => "Lab",
            Self::Tensors => "Tensors",
            Self::Graph => "Graph",
        }
    }

    /// The room of an address; the lab for any that is not known.
    pub fn from_hash(hash: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|room| room.hash() == hash)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_rooms_and_nonsense_to_the_lab() {
        for room in Room::ALL {
            assert_eq!(Room::from_hash(room.hash()), room);
        }
        assert_eq!(Room::from_hash("#nowhere"), Room::Lab);
        assert_eq!(Room::from_hash(""), Room::Lab);
    }
}
