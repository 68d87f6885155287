//! What a machine runs in: where output goes, what time it is, which files there are, and when a script must pause.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// A pause or an answer that is waited for.
pub type Waited<T> = Pin<Box<dyn Future<Output = T>>>;

/// The surroundings of a machine: a page, a terminal, a test.
pub trait Host {
    /// Takes what the script writes.
    fn write(&self, stream: Stream, text: &str);

    /// Seconds of a clock that never goes back.
    fn monotonic(&self) -> f64;

    /// Seconds since 1970.
    fn wall(&self) -> f64;

    /// Pauses the script.
    fn sleep(&self, seconds: f64) -> Waited<()>;

    /// Asks the user for a line; `None` where nobody answers.
    fn input(&self, prompt: &str) -> Waited<Option<String>>;

    /// Called now and then while a script runs: a pause to make, if one is due. A host that ends scripts drops the
    /// script's future while it pauses.
    fn breathe(&self) -> Option<Waited<()>>;

    /// Tells where the script is, just before [`Host::breathe`].
    fn at(&self, _file: &str, _line: u32) {}

    /// The files a script sees.
    fn files(&self) -> &dyn Files;

    /// A number to seed random generators with that were not given one.
    fn random_seed(&self) -> u64;

    /// `sys.argv`
    fn arguments(&self) -> Vec<String> {
        vec![String::new()]
    }
}

/// Why a file cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// `ENOENT`
    #[error("No such file or directory")]
    Missing,
    /// `EEXIST`
    #[error("File exists")]
    Exists,
    /// `EISDIR`
    #[error("Is a directory")]
    IsFolder,
    /// `ENOTDIR`
    #[error("Not a directory")]
    NotFolder,
    /// `ENOTEMPTY`
    #[error("Directory not empty")]
    NotEmpty,
    /// `EACCES`
    #[error("Permission denied")]
    Denied,
}

impl FileError {
    /// The number that `OSError.errno` has.
    #[must_use]
    pub fn number(self) -> i64 {
        match self {
            Self::Missing => 2,
            Self::Denied => 13,
            Self::Exists => 17,
            Self::NotFolder => 20,
            Self::IsFolder => 21,
            Self::NotEmpty => 39,
        }
    }
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileState {
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Bytes.
    pub size: u64,
    /// Seconds since 1970 of the last change.
    pub modified: f64,
}

/// Files by their absolute paths, parts separated by `/`.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// It is not there, or a folder.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// Writes a file, replacing one of the same name.
    ///
    /// # Errors
    /// Its folder is not there, or the path is a folder.
    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), FileError>;

    /// Removes a file.
    ///
    /// # Errors
    /// It is not there, or a folder.
    fn remove(&self, path: &str) -> Result<(), FileError>;

    /// Makes a folder in one that is there.
    ///
    /// # Errors
    /// It is there already, or the folder around it is not.
    fn make_folder(&self, path: &str) -> Result<(), FileError>;

    /// Removes an empty folder.
    ///
    /// # Errors
    /// It is not there, no folder, or not empty.
    fn remove_folder(&self, path: &str) -> Result<(), FileError>;

    /// Moves a file or a folder with what is in it.
    ///
    /// # Errors
    /// It is not there, or the new folder is not.
    fn rename(&self, from: &str, to: &str) -> Result<(), FileError>;

    /// Names in a folder, sorted.
    ///
    /// # Errors
    /// It is not there, or no folder.
    fn list(&self, path: &str) -> Result<Vec<String>, FileError>;

    /// What is known of a path.
    ///
    /// # Errors
    /// It is not there.
    fn state(&self, path: &str) -> Result<FileState, FileError>;

    /// The folder that relative paths start from.
    fn current_folder(&self) -> String {
        "/".to_owned()
    }

    /// Sets the folder that relative paths start from.
    ///
    /// # Errors
    /// It is not there, or no folder.
    fn set_current_folder(&self, _path: &str) -> Result<(), FileError> {
        Err(FileError::Denied)
    }
}

#[derive(Clone, Debug)]
enum Node {
    Folder,
    File(Vec<u8>),
}

/// Files in memory; the root is there from the start.
#[derive(Debug)]
pub struct MemoryFiles {
    nodes: RefCell<BTreeMap<String, Node>>,
    current: RefCell<String>,
}

impl Default for MemoryFiles {
    fn default() -> Self {
        Self {
            nodes: RefCell::new(BTreeMap::from([("/".to_owned(), Node::Folder)])),
            current: RefCell::new("/".to_owned()),
        }
    }
}

impl MemoryFiles {
    /// All files with their bytes, folders left out.
    #[must_use]
    pub fn all(&self) -> Vec<(String, Vec<u8>)> {
        self.nodes
            .borrow()
            .iter()
            .filter_map(|(path, node)| match node {
                Node::File(bytes) => Some((path.clone(), bytes.clone())),
                Node::Folder => None,
            })
            .collect()
    }

    /// Refuses a path whose folder is not there.
    fn parent(&self, path: &str) -> Result<(), FileError> {
        let folder = match path.rsplit_once('/') {
            Some(("", _)) | None => "/",
            Some((folder, _)) => folder,
        };
        match self.nodes.borrow().get(folder) {
            Some(Node::Folder) => Ok(()),
            Some(Node::File(_)) => Err(FileError::NotFolder),
            None => Err(FileError::Missing),
        }
    }

    fn inside(path: &str) -> String {
        if path == "/" {
            "/".to_owned()
        } else {
            format!("{path}/")
        }
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match self.nodes.borrow().get(path) {
            Some(Node::File(bytes)) => Ok(bytes.clone()),
            Some(Node::Folder) => Err(FileError::IsFolder),
            None => Err(FileError::Missing),
        }
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), FileError> {
        self.parent(path)?;
        if let Some(Node::Folder) = self.nodes.borrow().get(path) {
            return Err(FileError::IsFolder);
        }
        self.nodes
            .borrow_mut()
            .insert(path.to_owned(), Node::File(bytes.to_vec()));
        Ok(())
    }

    fn remove(&self, path: &str) -> Result<(), FileError> {
        self.read(path)?;
        self.nodes.borrow_mut().remove(path);
        Ok(())
    }

    fn make_folder(&self, path: &str) -> Result<(), FileError> {
        if self.nodes.borrow().contains_key(path) {
            return Err(FileError::Exists);
        }
        self.parent(path)?;
        self.nodes
            .borrow_mut()
            .insert(path.to_owned(), Node::Folder);
        Ok(())
    }

    fn remove_folder(&self, path: &str) -> Result<(), FileError> {
        if !self.list(path)?.is_empty() {
            return Err(FileError::NotEmpty);
        }
        self.nodes.borrow_mut().remove(path);
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> Result<(), FileError> {
        if !self.nodes.borrow().contains_key(from) {
            return Err(FileError::Missing);
        }
        self.parent(to)?;
        let inside = Self::inside(from);
        let mut nodes = self.nodes.borrow_mut();
        let moved: Vec<String> = nodes
            .keys()
            .filter(|path| *path == from || path.starts_with(&inside))
            .cloned()
            .collect();
        for path in moved {
            if let Some(node) = nodes.remove(&path) {
                nodes.insert(format!("{to}{}", &path[from.len()..]), node);
            }
        }
        Ok(())
    }

    fn list(&self, path: &str) -> Result<Vec<String>, FileError> {
        let nodes = self.nodes.borrow();
        match nodes.get(path) {
            Some(Node::Folder) => {}
            Some(Node::File(_)) => return Err(FileError::NotFolder),
            None => return Err(FileError::Missing),
        }
        let inside = Self::inside(path);
        Ok(nodes
            .keys()
            .filter_map(|known| known.strip_prefix(&inside))
            .filter(|name| !name.is_empty() && !name.contains('/'))
            .map(str::to_owned)
            .collect())
    }

    fn state(&self, path: &str) -> Result<FileState, FileError> {
        match self.nodes.borrow().get(path) {
            Some(Node::Folder) => Ok(FileState {
                is_folder: true,
                size: 0,
                modified: 0.0,
            }),
            Some(Node::File(bytes)) => Ok(FileState {
                is_folder: false,
                size: bytes.len() as u64,
                modified: 0.0,
            }),
            None => Err(FileError::Missing),
        }
    }

    fn current_folder(&self) -> String {
        self.current.borrow().clone()
    }

    fn set_current_folder(&self, path: &str) -> Result<(), FileError> {
        self.list(path)?;
        path.clone_into(&mut self.current.borrow_mut());
        Ok(())
    }
}
