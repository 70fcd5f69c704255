export const PoolPage = () => null
