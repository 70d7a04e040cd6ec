export * from './documents';
export { type Change, type FollowOptions, follow, type Subscription } from './follow';
export { KeyedView, type ViewChange } from './keyedView';
export { allRows, type List, type Page, type PagesOptions, type PageVariables, type PinnedBlock, pages } from './pages';
export {
  type Answer,
  type AskOptions,
  ask,
  type ErrorCode,
  FlywheelError,
  type GraphQLErrorAnswer,
  query,
  type TypedDocument,
} from './query';
