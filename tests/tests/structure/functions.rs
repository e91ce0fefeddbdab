//! The functions of a file: how long each is, how many parameters it has, and whether its signature takes a tuple
//! apart.
//!
//! A function's lines are counted from its keyword `fn` to its closing brace, both included; its attributes and
//! documentation are not. Functions without a body have no length. A closure is part of the function around it.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, FnArg, Pat, Signature};

use crate::sources::Source;
use crate::test_code::is_test_only;

/// The properties of a function.
pub(crate) struct Function {
    /// `path:line name`.
    pub(crate) position: String,
    /// Lines, if it has a body.
    pub(crate) lines: Option<usize>,
    /// Parameters besides `self`.
    pub(crate) parameters: usize,
    /// Whether a parameter is a tuple pattern.
    pub(crate) takes_a_tuple_apart: bool,
    /// Whether it is compiled for tests only.
    pub(crate) test_only: bool,
}

/// All functions of a file, nested ones too.
pub(crate) fn functions(source: &Source) -> Vec<Function> {
    let mut visitor = Functions { path: &source.path, functions: Vec::new(), in_tests: false };
    visitor.visit_file(&source.syntax);
    visitor.functions
}

struct Functions<'s> {
    path: &'s str,
    functions: Vec<Function>,
    in_tests: bool,
}

impl Functions<'_> {
    fn add(&mut self, signature: &Signature, body: Option<&Block>) {
        let first = signature.fn_token.span().start().line;
        self.functions.push(Function {
            position: format!("{}:{first} {}", self.path, signature.ident),
            lines: body.map(|body| body.span().end().line - first + 1),
            parameters: signature.inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).count(),
            takes_a_tuple_apart: signature.inputs.iter().any(is_tuple),
            test_only: self.in_tests,
        });
    }

    /// Visits an item with `in_tests` set if its attributes say so.
    fn within(&mut self, attributes: &[syn::Attribute], visit: impl FnOnce(&mut Self)) {
        let outside = self.in_tests;
        self.in_tests |= is_test_only(attributes);
        visit(self);
        self.in_tests = outside;
    }
}

fn is_tuple(input: &FnArg) -> bool {
    let FnArg::Typed(input) = input else { return false };
    match &*input.pat {
        Pat::Reference(reference) => matches!(*reference.pat, Pat::Tuple(_)),
        pattern => matches!(pattern, Pat::Tuple(_)),
    }
}

impl<'a> Visit<'a> for Functions<'_> {
    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        self.within(&module.attrs, |visitor| visit::visit_item_mod(visitor, module));
    }

    fn visit_item_impl(&mut self, block: &'a syn::ItemImpl) {
        self.within(&block.attrs, |visitor| visit::visit_item_impl(visitor, block));
    }

    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.within(&function.attrs, |visitor| {
            visitor.add(&function.sig, Some(&function.block));
            visit::visit_item_fn(visitor, function);
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.within(&function.attrs, |visitor| {
            visitor.add(&function.sig, Some(&function.block));
            visit::visit_impl_item_fn(visitor, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'a syn::TraitItemFn) {
        self.add(&function.sig, function.default.as_ref());
        visit::visit_trait_item_fn(self, function);
    }
}
