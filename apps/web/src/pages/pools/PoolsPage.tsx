export const PoolsPage = () => null
