//! The methods of an item: those that it defines for a type, and the names of those that its code calls.
//!
//! It knows no types of expressions. A call is known by the method's name alone; the arguments of macros are left out.

use std::collections::BTreeSet;

use syn::visit::{self, Visit};
use syn::{ImplItem, Item, TraitItem, Type};

/// A method and the path of the type that its inherent impl is for; none for methods of traits.
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) inherent_to: Option<Vec<String>>,
}

/// The functions of an impl or a trait; none for other items.
pub(crate) fn methods(item: &Item) -> Vec<Method> {
    match item {
        Item::Impl(block) => {
            let inherent_to = if block.trait_.is_none() { path_of(&block.self_ty) } else { None };
            let functions = block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            });
            functions.map(|name| Method { name, inherent_to: inherent_to.clone() }).collect()
        }
        Item::Trait(item) => {
            let functions = item.items.iter().filter_map(|item| match item {
                TraitItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            });
            functions.map(|name| Method { name, inherent_to: None }).collect()
        }
        _ => Vec::new(),
    }
}

fn path_of(named: &Type) -> Option<Vec<String>> {
    let Type::Path(named) = named else { return None };
    Some(named.path.segments.iter().map(|segment| segment.ident.to_string()).collect())
}

/// The names of the methods that an item's code calls; a module has none, as its items have them.
pub(crate) fn calls(item: &Item) -> BTreeSet<String> {
    let mut calls = Calls(BTreeSet::new());
    if !matches!(item, Item::Mod(_)) {
        calls.visit_item(item);
    }
    calls.0
}

struct Calls(BTreeSet<String>);

impl<'a> Visit<'a> for Calls {
    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.0.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }
}
