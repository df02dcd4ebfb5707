using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Resources.Authorization;

internal sealed class SelfSubjectAccessReviewStrategy() : ReviewStrategy(new GroupVersionKind("authorization.k8s.io", "v1", "SelfSubjectAccessReview"))
{
    public override IEnumerable<FieldError> Validate(JsonObject obj) => AccessReviewChecks.Attributes(obj).Concat(EmptyMetadata(obj));
}
