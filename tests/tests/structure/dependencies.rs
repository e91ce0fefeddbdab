//! The dependencies between the files of a crate. An import or a path depends on the file that defines the named
//! item; re-exports are resolved. Declaring a module and re-exporting an item make no dependency.
//!
//! A method call depends on the file of the method where that file is not its type's, and where no other file defines
//! a method of this name.

use std::collections::{BTreeMap, BTreeSet};

use crate::modules::{Crate, Module};

/// The files that each file depends on.
pub(crate) type Dependencies<'c> = BTreeMap<&'c str, BTreeSet<&'c str>>;

/// Largest number of imports that are resolved for one item; it ends the search where names import each other.
const DEPTH: usize = 8;

/// The target of a path.
#[derive(Clone, Copy)]
enum Target {
    Module(usize),
    /// An item of a module.
    Item(usize),
}

impl Crate {
    /// Dependencies between different files.
    pub(crate) fn dependencies(&self) -> Dependencies<'_> {
        let mut dependencies = Dependencies::new();
        let apart = self.methods_apart();
        for (index, module) in self.modules.iter().enumerate() {
            let called = module.calls.iter().filter_map(|name| apart.get(name.as_str()).copied());
            let targets = module.used().filter_map(|path| self.file_of(index, path)).chain(called);
            dependencies.entry(&module.file).or_default().extend(targets.filter(|file| *file != module.file));
        }
        dependencies
    }

    /// The inherent methods that stand in another file than their type, each with its file; ambiguous names are left
    /// out.
    fn methods_apart(&self) -> BTreeMap<&str, &str> {
        let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut apart = BTreeMap::new();
        for (index, module) in self.modules.iter().enumerate() {
            for method in &module.methods {
                files.entry(&method.name).or_default().insert(&module.file);
                let of_type = method.inherent_to.as_ref().and_then(|path| self.file_of(index, path));
                if of_type.is_some_and(|file| file != module.file) {
                    apart.insert(method.name.as_str(), module.file.as_str());
                }
            }
        }
        apart.retain(|name, _| files.get(name).is_some_and(|files| files.len() == 1));
        apart
    }

    /// The file that defines what a path in a module names; none for modules and for other crates' items.
    fn file_of(&self, module: usize, path: &[String]) -> Option<&str> {
        match self.resolve(module, path, DEPTH)? {
            Target::Item(module) => Some(&self.modules[module].file),
            Target::Module(_) => None,
        }
    }

    fn resolve(&self, module: usize, path: &[String], depth: usize) -> Option<Target> {
        let (head, rest) = path.split_first()?;
        let first = self.name_in(module, head, depth)?;
        rest.iter().try_fold(first, |target, name| match target {
            Target::Module(module) => self.name_in(module, name, depth),
            item => Some(item),
        })
    }

    fn name_in(&self, index: usize, name: &str, depth: usize) -> Option<Target> {
        let module = &self.modules[index];
        match name {
            "crate" => Some(Target::Module(0)),
            "self" => Some(Target::Module(index)),
            "super" => module.parent.map(Target::Module),
            _ if module.items.contains(name) => Some(Target::Item(index)),
            _ => self.imported(index, name, depth).or(module.children.get(name).copied().map(Target::Module)),
        }
    }

    fn imported(&self, index: usize, name: &str, depth: usize) -> Option<Target> {
        let depth = depth.checked_sub(1)?;
        let imports = &self.modules[index].imports;
        let named = imports.iter().filter(|import| import.name.as_deref() == Some(name));
        let globs = imports.iter().filter(|import| import.name.is_none());
        let mut named = named.filter_map(|import| self.resolve(index, &import.path, depth));
        let mut globs = globs.filter_map(|import| match self.resolve(index, &import.path, depth)? {
            Target::Module(module) => self.name_in(module, name, depth),
            Target::Item(_) => None,
        });
        named.next().or_else(|| globs.next())
    }
}

impl Module {
    /// The paths that make it depend on others.
    fn used(&self) -> impl Iterator<Item = &[String]> {
        let imports = self.imports.iter().filter(|import| !import.re_exported);
        imports.map(|import| import.path.as_slice()).chain(self.paths.iter().map(Vec::as_slice))
    }
}
