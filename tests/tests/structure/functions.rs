//! The functions of a file: how long each is, how many parameters it has, and whether its signature takes a parameter
//! apart.
//!
//! The functions that a macro writes count as well: the `fn` signatures in the tokens of a macro are parsed, and those
//! that hold macro variables where a signature has none are left out. They have no length. A function's lines are counted from its keyword `fn` to its closing brace, both included; its attributes and
//! documentation are not. Functions without a body have no length. A closure is part of the function around it.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
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
    /// Whether a parameter is a tuple, struct or slice pattern.
    pub(crate) takes_a_parameter_apart: bool,
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
            takes_a_parameter_apart: signature.inputs.iter().any(is_taken_apart),
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

fn is_taken_apart(input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(input) if takes_apart(&input.pat))
}

fn takes_apart(pattern: &Pat) -> bool {
    match pattern {
        Pat::Reference(reference) => takes_apart(&reference.pat),
        Pat::Paren(inner) => takes_apart(&inner.pat),
        Pat::Ident(name) => name.subpat.as_ref().is_some_and(|(_, inner)| takes_apart(inner)),
        pattern => matches!(pattern, Pat::Tuple(_) | Pat::TupleStruct(_) | Pat::Struct(_) | Pat::Slice(_)),
    }
}

/// The signatures among the tokens of a macro, in nested groups too.
fn signatures(tokens: TokenStream) -> Vec<Signature> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for (first, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => found.extend(signatures(group.stream())),
            TokenTree::Ident(word) if word == "fn" => found.extend(signature(&tokens[first..])),
            _ => {}
        }
    }
    found
}

/// The signature that tokens begin with. A macro variable `$name` is read as the name.
fn signature(tokens: &[TokenTree]) -> Option<Signature> {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'),
    };
    let head = tokens.iter().take_while(|token| !is_end(token)).cloned().collect();
    syn::parse2(without_dollars(head)).ok()
}

fn without_dollars(tokens: TokenStream) -> TokenStream {
    let kept = tokens.into_iter().filter(|token| !matches!(token, TokenTree::Punct(mark) if mark.as_char() == '$'));
    let plain = kept.map(|token| match token {
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), without_dollars(group.stream()));
            inner.set_span(group.span());
            inner.into()
        }
        token => token,
    });
    plain.collect()
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

    fn visit_item_macro(&mut self, item: &'a syn::ItemMacro) {
        self.within(&item.attrs, |visitor| visit::visit_item_macro(visitor, item));
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        signatures(call.tokens.clone()).iter().for_each(|signature| self.add(signature, None));
    }
}
