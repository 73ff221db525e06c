//! Derives `model::pack::Pack`: the fields one after the other, after the number of the variant if there are several.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, Ident, Variant, parse_macro_input};

/// Derives `Pack` for a type of the crate `model`: its fields in order, each packed by itself.
#[proc_macro_derive(Pack)]
pub fn pack(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let bodies = match &input.data {
        Data::Struct(data) => Ok(of_struct(&data.fields)),
        Data::Enum(data) => of_enum(data.variants.iter()),
        Data::Union(_) => Err("a union cannot be packed"),
    };
    match bodies {
        Ok(bodies) => implementation(&input, &bodies).into(),
        Err(why) => syn::Error::new_spanned(&input.ident, why)
            .into_compile_error()
            .into(),
    }
}

/// What the two functions do.
struct Bodies {
    pack: TokenStream,
    unpack: TokenStream,
}

fn implementation(input: &DeriveInput, Bodies { pack, unpack }: &Bodies) -> TokenStream {
    let name = &input.ident;
    let mut generics = input.generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(syn::parse_quote!(crate::pack::Pack));
    }
    let (parameters, arguments, conditions) = generics.split_for_impl();
    quote! {
        impl #parameters crate::pack::Pack for #name #arguments #conditions {
            fn pack(&self, packer: &mut crate::pack::Packer) {
                #pack
            }
            fn unpack(unpacker: &mut crate::pack::Unpacker<'_>) -> Option<Self> {
                #unpack
            }
        }
    }
}

fn of_struct(fields: &Fields) -> Bodies {
    let (pattern, names) = pattern(fields);
    let made = made(fields);
    Bodies {
        pack: quote! {
            let Self #pattern = self;
            #(crate::pack::Pack::pack(#names, packer);)*
        },
        unpack: quote!(Some(Self #made)),
    }
}

fn of_enum<'a>(variants: impl Iterator<Item = &'a Variant>) -> Result<Bodies, &'static str> {
    let (mut packs, mut unpacks) = (Vec::new(), Vec::new());
    for (number, variant) in variants.enumerate() {
        let number = u8::try_from(number).map_err(|_| "an enum of more than 256 variants")?;
        let (name, (pattern, names)) = (&variant.ident, pattern(&variant.fields));
        let made = made(&variant.fields);
        packs.push(quote! {
            Self::#name #pattern => {
                packer.byte(#number);
                #(crate::pack::Pack::pack(#names, packer);)*
            }
        });
        unpacks.push(quote!(#number => Some(Self::#name #made),));
    }
    Ok(Bodies {
        pack: quote!(match self { #(#packs)* }),
        unpack: quote!(match unpacker.byte()? { #(#unpacks)* _ => None }),
    })
}

/// A pattern that binds every field, and what it binds them to.
fn pattern(fields: &Fields) -> (TokenStream, Vec<Ident>) {
    let names: Vec<Ident> = fields
        .iter()
        .enumerate()
        .map(|(number, field)| {
            let unnamed = || format_ident!("field_{number}");
            field.ident.clone().unwrap_or_else(unnamed)
        })
        .collect();
    let pattern = match fields {
        Fields::Named(_) => quote!({ #(#names),* }),
        Fields::Unnamed(_) => quote!((#(#names),*)),
        Fields::Unit => TokenStream::new(),
    };
    (pattern, names)
}

/// An expression that unpacks every field, to stand after the name of the type or variant.
fn made(fields: &Fields) -> TokenStream {
    let names = fields.iter().map(|field| &field.ident);
    let unpacked = fields
        .iter()
        .map(|_| quote!(crate::pack::Pack::unpack(unpacker)?));
    match fields {
        Fields::Named(_) => quote!({ #(#names: #unpacked),* }),
        Fields::Unnamed(_) => quote!((#(#unpacked),*)),
        Fields::Unit => TokenStream::new(),
    }
}
