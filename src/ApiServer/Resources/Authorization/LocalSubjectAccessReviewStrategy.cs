using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;

namespace MiniKube.ApiServer.Resources.Authorization;

internal sealed class LocalSubjectAccessReviewStrategy() : ReviewStrategy(new GroupVersionKind("authorization.k8s.io", "v1", "LocalSubjectAccessReview"))
{
    public override bool NamespaceScoped => true;

    public override IEnumerable<FieldError> Validate(JsonObject obj)
    {
        var errors = AccessReviewChecks.Attributes(obj).Concat(AccessReviewChecks.Subject(obj)).Concat(EmptyMetadata(obj, "namespace"));
        if (obj.ObjectAt("spec", "resourceAttributes") is { } resource
            && (resource.StringAt("namespace") ?? "") is var asked && asked != (obj.StringAt("metadata", "namespace") ?? ""))
        {
            errors = errors.Append(FieldError.Invalid("spec.resourceAttributes.namespace", asked, "must match metadata.namespace"));
        }

        return obj.ObjectAt("spec", "nonResourceAttributes") is { } path
            ? errors.Append(FieldError.Invalid("spec.nonResourceAttributes", path, "disallowed on this kind of request"))
            : errors;
    }
}
