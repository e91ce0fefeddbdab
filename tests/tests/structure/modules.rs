//! The module tree of a crate, from its root file: the modules, and the items, imports and paths of each. Code that
//! is compiled for tests only is left out.

use std::collections::{BTreeMap, BTreeSet};

use syn::Item;

use crate::methods::{Method, calls, methods};
use crate::paths::{Import, Paths, imports, item_name, paths};
use crate::sources::Source;
use crate::test_code::is_test_only;

/// A crate's modules; the first is its root.
pub(crate) struct Crate {
    pub(crate) modules: Vec<Module>,
}

/// A module.
#[derive(Default)]
pub(crate) struct Module {
    /// Its file; an inline module has the file of its parent.
    pub(crate) file: String,
    /// The module that declares it.
    pub(crate) parent: Option<usize>,
    /// The modules it declares, by name.
    pub(crate) children: BTreeMap<String, usize>,
    /// Names of the items it defines.
    pub(crate) items: BTreeSet<String>,
    /// The imports of its `use` declarations.
    pub(crate) imports: Vec<Import>,
    /// The paths that its code names.
    pub(crate) paths: Paths,
    /// The methods of its impls and traits.
    pub(crate) methods: Vec<Method>,
    /// The names of the methods that its code calls.
    pub(crate) calls: BTreeSet<String>,
}

/// Files by their paths.
pub(crate) type Files<'s> = BTreeMap<&'s str, &'s Source>;

/// The crates of a repository, one for every root.
pub(crate) fn crates(files: &Files<'_>) -> Vec<Crate> {
    let roots = files.values().filter(|source| is_root(&source.path));
    roots.map(|root| Builder { files, modules: Vec::new() }.build(root)).collect()
}

/// Whether Cargo finds a target at this path by itself.
fn is_root(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (file, folder) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let targets = ["bin", "tests", "examples", "benches", "fuzz_targets"];
    ["lib.rs", "main.rs", "build.rs"].contains(&file) || targets.contains(&folder)
}

/// The position of a module that is being added to the tree.
struct Position<'p> {
    file: &'p str,
    /// The folder of its children's files.
    folder: String,
    parent: Option<usize>,
}

struct Builder<'f> {
    files: &'f Files<'f>,
    modules: Vec<Module>,
}

impl Builder<'_> {
    fn build(mut self, root: &Source) -> Crate {
        let folder = root.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        self.add(Position { file: &root.path, folder, parent: None }, &root.syntax.items);
        Crate { modules: self.modules }
    }

    fn add(&mut self, position: Position<'_>, items: &[Item]) -> usize {
        let index = self.modules.len();
        let items: Vec<&Item> = items.iter().filter(|item| !is_test_only(attributes(item))).collect();
        self.modules.push(Module {
            file: position.file.to_owned(),
            parent: position.parent,
            children: BTreeMap::new(),
            items: items.iter().filter_map(|item| item_name(item)).collect(),
            imports: items.iter().flat_map(|item| imports(item)).collect(),
            paths: items.iter().flat_map(|item| paths(item)).collect(),
            methods: items.iter().flat_map(|item| methods(item)).collect(),
            calls: items.iter().flat_map(|item| calls(item)).collect(),
        });
        for item in items {
            let Item::Mod(module) = item else { continue };
            if let Some(child) = self.add_child(index, &position, module) {
                self.modules[index].children.insert(module.ident.to_string(), child);
            }
        }
        index
    }

    fn add_child(&mut self, parent: usize, position: &Position<'_>, module: &syn::ItemMod) -> Option<usize> {
        let folder = format!("{}/{}", position.folder, module.ident);
        if let Some(content) = &module.content {
            return Some(self.add(Position { file: position.file, folder, parent: Some(parent) }, &content.1));
        }
        let candidates = [format!("{folder}.rs"), format!("{folder}/mod.rs")];
        let source = candidates.iter().find_map(|path| self.files.get(path.as_str()))?;
        Some(self.add(Position { file: &source.path, folder, parent: Some(parent) }, &source.syntax.items))
    }
}

fn attributes(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
