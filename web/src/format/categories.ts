// The categories that the forms offer. The API takes any text, so a listing may have another one.
export const CATEGORIES = ['Music', 'Sport', 'Theatre', 'Comedy', 'Festival', 'Other']
