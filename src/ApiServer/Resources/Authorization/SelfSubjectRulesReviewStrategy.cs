using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Resources.Authorization;

internal sealed class SelfSubjectRulesReviewStrategy() : ReviewStrategy(new GroupVersionKind("authorization.k8s.io", "v1", "SelfSubjectRulesReview"));
