using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Resources.Authentication;

internal sealed class TokenReviewStrategy() : ReviewStrategy(new GroupVersionKind("authentication.k8s.io", "v1", "TokenReview"));
