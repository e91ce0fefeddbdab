//! The imports and paths of an item: the leaves of its `use` declarations, and the paths in its code. The arguments
//! of macros and attributes are searched as plain tokens.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, Meta, UseTree, Visibility};

/// `use path as name`.
pub(crate) struct Import {
    /// Its name in this module; none for a glob import.
    pub(crate) name: Option<String>,
    /// Its source.
    pub(crate) path: Vec<String>,
    /// Whether it is visible to other modules.
    pub(crate) re_exported: bool,
}

/// Paths, segment by segment.
pub(crate) type Paths = BTreeSet<Vec<String>>;

/// The name that an item defines; none for modules and `use` declarations.
pub(crate) fn item_name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// The imports of a `use` declaration; none for other items.
pub(crate) fn imports(item: &Item) -> Vec<Import> {
    let mut imports = Vec::new();
    if let Item::Use(item) = item {
        let re_exported = !matches!(item.vis, Visibility::Inherited);
        leaves(&item.tree, &[], &mut |name, path| imports.push(Import { name, path, re_exported }));
    }
    imports
}

fn leaves(tree: &UseTree, before: &[String], found: &mut dyn FnMut(Option<String>, Vec<String>)) {
    let with = |name: &dyn ToString| [before, &[name.to_string()]].concat();
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &with(&path.ident), found),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, before, found)),
        UseTree::Glob(_) => found(None, before.to_vec()),
        UseTree::Name(name) if name.ident == "self" => found(before.last().cloned(), before.to_vec()),
        UseTree::Name(name) => found(Some(name.ident.to_string()), with(&name.ident)),
        UseTree::Rename(rename) => found(Some(rename.rename.to_string()), with(&rename.ident)),
    }
}

/// The paths in an item's code; a module has none, as its items have them.
pub(crate) fn paths(item: &Item) -> Paths {
    let mut named = Named(Paths::new());
    if !matches!(item, Item::Mod(_) | Item::Use(_)) {
        named.visit_item(item);
    }
    named.0
}

struct Named(Paths);

impl<'a> Visit<'a> for Named {
    fn visit_path(&mut self, path: &'a syn::Path) {
        self.0.insert(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.scan(call.tokens.clone());
        visit::visit_macro(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'a syn::Attribute) {
        if let Meta::List(list) = &attribute.meta {
            self.scan(list.tokens.clone());
        }
    }
}

impl Named {
    /// Finds names that are joined by `::`.
    fn scan(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (Vec::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.0.insert(std::mem::take(&mut path));
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Group(group) => self.scan(group.stream()),
                _ => {
                    self.0.insert(std::mem::take(&mut path));
                    colons = 0;
                }
            }
        }
        self.0.insert(path);
    }
}
