export const ChangesPage = () => null
