// Package reference holds the dated facts of the scheme: which countries there are and
// which take part, who the authorities are and at which address they were reached on
// which day, who issues licences since when, which goods fall under the scheme, which
// names trees have, in which units goods are counted, and on which law an accepted
// licence stands.
//
// Nothing here is a constant of the program. Every fact is a row of a CSV file in data/,
// with the days on which it holds where it can change, and with its source. What our
// sources do not say is left out and said to be unknown: an authority without a known
// name has none, a code that no list names is "to be checked" and never "not under
// FLEGT". Facts that were recalled rather than read carry "to be verified" in their
// status; docs/law.md lists them for whoever has the Official Journal at hand.
//
// Load reads the files that are built in, or newer ones from a directory laid over them
// ("import reference DIR"), and refuses the whole set when one row is wrong, naming the
// file and the line. A *Data never changes after that and may be shared freely.
package reference
