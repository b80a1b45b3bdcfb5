-- Promise: folded('Où est l''État ?') is the text as search compares it: lower case, no accents or vowel signs,
-- ligatures and variants of Arabic letters written one way. Does in SQL what cleaners.dedup.normalise does.
CREATE OR REPLACE MACRO folded(written) AS translate(
    replace(replace(replace(strip_accents(lower(written)), 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae'),
    'øłđıςىیېکةہھٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ـ' || chr(173) || chr(8203) || chr(8204) || chr(8205) || chr(8206) || chr(8207),
    'oldiσيييكههها01234567890123456789'
);
