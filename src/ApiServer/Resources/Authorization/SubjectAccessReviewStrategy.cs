using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;

namespace MiniKube.ApiServer.Resources.Authorization;

internal sealed class SubjectAccessReviewStrategy() : ReviewStrategy(new GroupVersionKind("authorization.k8s.io", "v1", "SubjectAccessReview"))
{
    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        AccessReviewChecks.Attributes(obj).Concat(AccessReviewChecks.Subject(obj)).Concat(EmptyMetadata(obj));
}
