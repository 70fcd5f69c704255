export const SystemPage = () => null
