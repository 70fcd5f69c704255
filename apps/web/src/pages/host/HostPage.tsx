export const HostPage = () => null
