//! The dependencies between the files of a crate. An import or a path depends on the file that defines the named
//! item; re-exports are resolved. Declaring a module and re-exporting an item make no dependency.

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
        for (index, module) in self.modules.iter().enumerate() {
            let targets = module.used().filter_map(|path| self.file_of(index, path));
            dependencies.entry(&module.file).or_default().extend(targets.filter(|file| *file != module.file));
        }
        dependencies
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
