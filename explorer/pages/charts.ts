import { lazy } from 'react';

// Not part of the first load: a page asks for them when they come into view.
export const RewardHistoryChart = lazy(() => import('../charts/RewardHistoryChart'));
export const PriceChart = lazy(() => import('../charts/PriceChart'));
export const AttributionGraph = lazy(() => import('../charts/AttributionGraph'));
export const DoubleEntry = lazy(() => import('./DoubleEntry'));
export const PathList = lazy(() => import('./PathList'));
