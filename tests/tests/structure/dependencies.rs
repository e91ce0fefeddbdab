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

/// The files that define a method of a name.
type MethodFiles<'c> = BTreeMap<&'c str, BTreeSet<&'c str>>;

fn method_files(crates: &[Crate]) -> MethodFiles<'_> {
    let mut files = MethodFiles::new();
    for module in crates.iter().flat_map(|each| &each.modules) {
        for method in &module.methods {
            files.entry(&method.name).or_default().insert(&module.file);
        }
    }
    files
}

/// The target of a path.
#[derive(Clone, Copy)]
enum Target {
    Module(usize),
    /// An item of a module.
    Item(usize),
}

impl Crate {
    /// Dependencies between different files. `all` are the crates whose methods this one's code may call.
    pub(crate) fn dependencies(&self, all: &[Self]) -> Dependencies<'_> {
        let mut dependencies = Dependencies::new();
        let apart = self.methods_apart(&method_files(all));
        for (index, module) in self.modules.iter().enumerate() {
            let called = module.calls.iter().filter_map(|name| apart.get(name.as_str()).copied());
            let targets = module.used().filter_map(|path| self.file_of(index, path)).chain(called);
            dependencies.entry(&module.file).or_default().extend(targets.filter(|file| *file != module.file));
        }
        dependencies
    }

    /// The inherent methods that stand in another file than their type, each with its file. A name that several files
    /// define is left out: the type of the expression it is called on is not known.
    fn methods_apart(&self, files: &MethodFiles<'_>) -> BTreeMap<&str, &str> {
        let mut apart = BTreeMap::new();
        for (file, type_file, method) in self.inherent_methods() {
            if type_file != file && files.get(method).is_some_and(|files| files.len() == 1) {
                apart.insert(method, file);
            }
        }
        apart
    }

    /// Inherent methods: the file, the file of the type, the method's name.
    fn inherent_methods(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.modules.iter().enumerate().flat_map(move |(index, module)| {
            module.methods.iter().filter_map(move |method| {
                let type_file = self.file_of(index, method.inherent_to.as_ref()?)?;
                Some((module.file.as_str(), type_file, method.name.as_str()))
            })
        })
    }

    /// The types with inherent impls in several files: the type with its file, and the files.
    pub(crate) fn spread_types(&self) -> BTreeMap<String, BTreeSet<&str>> {
        let mut files: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (index, module) in self.modules.iter().enumerate() {
            for path in module.methods.iter().filter_map(|method| method.inherent_to.as_ref()) {
                if let (Some(file), Some(name)) = (self.file_of(index, path), path.last()) {
                    files.entry(format!("{name} of {file}")).or_default().insert(&module.file);
                }
            }
        }
        files.retain(|_, files| files.len() > 1);
        files
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
