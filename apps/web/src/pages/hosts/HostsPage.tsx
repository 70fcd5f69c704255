import { Outlet } from '@tanstack/react-router'

export const HostsPage = () => <Outlet />
