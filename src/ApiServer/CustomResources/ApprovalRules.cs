using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Resources.ApiExtensions;

namespace MiniKube.ApiServer.CustomResources;

/// <summary>Groups of the Kubernetes community are protected: who defines resources in them says where that was approved (upstream's KEP 1111).</summary>
internal static class ApprovalRules
{
    private const string Annotation = "api-approved.kubernetes.io";
    private const string See = "see https://github.com/kubernetes/enhancements/pull/1111";
    private const string Path = $"metadata.annotations[{Annotation}]";

    private const string Missing = $"protected groups must have approval annotation \"{Annotation}\", {See}";

    private const string Invalid =
        $"protected groups must have approval annotation \"{Annotation}\" with either a URL or a reason starting with \"unapproved\", {See}";

    public static bool IsProtected(string group) =>
        group is "k8s.io" or "kubernetes.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);

    public static IEnumerable<FieldError> Validate(JsonObject definition, JsonObject? old)
    {
        if (!IsProtected(definition.StringAt("spec", "group") ?? ""))
        {
            yield break;
        }

        var approval = ApprovalOf(definition);
        if (old is not null && ApprovalOf(old) == approval)
        {
            yield break;
        }

        if (approval.Length == 0)
        {
            yield return FieldError.Required(Path, Missing);
        }
        else if (!IsUnapproved(approval) && !IsUrl(approval))
        {
            yield return FieldError.Invalid(Path, approval, Invalid);
        }
    }

    public static void SetCondition(JsonObject definition, string now)
    {
        if (!IsProtected(definition.StringAt("spec", "group") ?? ""))
        {
            return;
        }

        var approval = ApprovalOf(definition);
        var (isTrue, reason, message) = approval switch
        {
            "" => (false, "MissingAnnotation", Missing),
            _ when IsUnapproved(approval) => (false, "UnapprovedAnnotation", $"not approved: {GoText.Quote(approval)}"),
            _ when IsUrl(approval) => (true, "ApprovedAnnotation", $"approved in {approval}"),
            _ => (false, "InvalidAnnotation", Invalid),
        };
        DefinitionConditions.Set(definition, DefinitionConditions.ApprovalPolicyConformant, isTrue, reason, message, now);
    }

    private static string ApprovalOf(JsonObject definition) => definition.StringAt("metadata", "annotations", Annotation) ?? "";

    private static bool IsUnapproved(string approval) => approval.StartsWith("unapproved", StringComparison.Ordinal);

    private static bool IsUrl(string approval) => Uri.TryCreate(approval, UriKind.Absolute, out var url) && url.Host.Length > 0 && url.Scheme.Length > 0;
}
