using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Certificates;

internal sealed class CertificateSigningRequestStrategy : ResourceStrategy<V1CertificateSigningRequest>
{
    public override IReadOnlyList<string> ShortNames => ["csr"];

    public override bool NamespaceScoped => false;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        TableColumn.Age,
        Cell.Text("SignerName", "spec.signerName", absent: Cell.None),
        Cell.Text("Requestor", "spec.username") with { DescribedBy = "spec.request" },
        Cell.Text("RequestedDuration", RequestedDuration) with { DescribedBy = "spec.expirationSeconds" },
        Cell.Text("Condition", Condition) with { DescribedBy = "status.conditions" },
    ];

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } =
        Selectable.Fields("spec.signerName");

    // Any name will do: kubelets make them of their own.
    public override IEnumerable<string> ValidateName(string name) => [];

    // What was asked for does not change, nor does what others have said of it but through subresources.
    public override void PrepareForUpdate(JsonObject obj, JsonObject old) => obj["spec"] = old["spec"]?.DeepClone();

    public override IEnumerable<FieldError> Validate(JsonObject obj) =>
        Field.FaultsOf(obj, CertificateChecks.Request, request => CertificateChecks.Status(request["status"]));

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => ValidateChange(obj, old, approves: false, issues: false);

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => ValidateChange(obj, old, approves: false, issues: true);

    /// <summary>Names every fault of a change by the approval subresource.</summary>
    public static IEnumerable<FieldError> ValidateApproval(JsonObject obj, JsonObject old) => ValidateChange(obj, old, approves: true, issues: false);

    private static List<FieldError> ValidateChange(JsonObject obj, JsonObject old, bool approves, bool issues) => Field.FaultsOf(
        obj,
        CertificateChecks.Request,
        request => CertificateChecks.Status(request["status"]),
        request => CertificateChecks.Changed(request["status"], old["status"], approves, issues));

    private static string RequestedDuration(JsonObject obj) => obj.IntegerAt("spec", "expirationSeconds") is { } seconds
        ? Ages.Format(TimeSpan.FromSeconds(seconds))
        : Cell.None;

    private static string Condition(JsonObject obj)
    {
        var types = obj.ObjectsAt("status", "conditions").Select(condition => condition.StringAt("type")).ToHashSet();
        string[] shown = [types.Contains("Denied") ? "Denied" : types.Contains("Approved") ? "Approved" : "Pending"];
        var issued = obj.StringAt("status", "certificate") is { Length: > 0 };
        return string.Join(',', [.. shown, .. types.Contains("Failed") ? ["Failed"] : Array.Empty<string>(), .. issued ? ["Issued"] : Array.Empty<string>()]);
    }
}
