using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>certificatesigningrequests/name/approval</c>: whether a certificate is to be issued. What was said once stays.</summary>
internal sealed class ApprovalSubresource(GetEndpoint get, UpdateOperation operation, ObjectAnswer answer, TimeProvider clock)
    : PartSubresource(get, operation, answer, clock)
{
    private const string Path = "status.conditions";

    public override string Name => "approval";

    public override GroupVersionKind Kind { get; } = new("certificates.k8s.io", "v1", "CertificateSigningRequest");

    protected override bool ChangesMetadata => true;

    protected override void TakeOver(JsonObject target, JsonObject wanted)
    {
        var before = target.ObjectsAt(Path.Split('.')).ToDictionary(condition => condition.StringAt("type") ?? "");
        var conditions = wanted.ObjectsAt(Path.Split('.')).Select(condition => (JsonObject)condition.DeepClone()).ToList();
        var now = ObjectMetadata.Timestamp(Now);
        foreach (var condition in conditions)
        {
            condition.SetDefault("lastUpdateTime", now);
            var old = before.GetValueOrDefault(condition.StringAt("type") ?? "");
            if (condition["lastTransitionTime"] is null)
            {
                condition["lastTransitionTime"] = old.StringAt("status") == condition.StringAt("status") ? old.StringAt("lastTransitionTime") ?? now : now;
            }
        }

        target.GetOrAddObject("status")["conditions"] = new JsonArray([.. conditions]);
    }

    protected override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject old)
    {
        var conditions = obj.ObjectsAt(Path.Split('.')).ToList();
        foreach (var type in old.ObjectsAt(Path.Split('.')).Select(condition => condition.StringAt("type")).Except(conditions.Select(condition => condition.StringAt("type"))))
        {
            yield return FieldError.Forbidden(Path, $"updates may not remove a condition of type {GoText.Quote(type ?? "")}");
        }

        var seen = new HashSet<string>();
        foreach (var (index, condition) in conditions.Index())
        {
            foreach (var error in Validate($"{Path}[{index}]", condition, seen))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<FieldError> Validate(string path, JsonObject condition, HashSet<string> seen)
    {
        var (type, status) = (condition.StringAt("type") ?? "", condition.StringAt("status") ?? "");
        switch (type, status)
        {
            case ("", _):
                yield return FieldError.Required($"{path}.type");
                break;
            case (_, ""):
                yield return FieldError.Required($"{path}.status");
                break;
            case ("Approved" or "Denied" or "Failed", not "True"):
                yield return FieldError.NotSupported($"{path}.status", status, "True");
                break;
            case (_, not ("True" or "False" or "Unknown")):
                yield return FieldError.NotSupported($"{path}.status", status, "False", "True", "Unknown");
                break;
        }

        if ((type == "Approved" && seen.Contains("Denied")) || (type == "Denied" && seen.Contains("Approved")))
        {
            yield return FieldError.Invalid($"{path}.type", type, "Approved and Denied conditions are mutually exclusive");
        }

        if (!seen.Add(type))
        {
            yield return FieldError.Duplicate($"{path}.type", type);
        }
    }
}
