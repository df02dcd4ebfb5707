using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.StorageApi;

internal sealed class CSIDriverStrategy : ResourceStrategy<V1CSIDriver>
{
    public override bool NamespaceScoped => false;

    public override bool AllowUnconditionalUpdate => false;

    public override bool ReturnsDeletedObject => true;

    public override bool HasGeneration => true;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Boolean("AttachRequired", "spec.attachRequired", absent: true),
        Cell.Boolean("PodInfoOnMount", "spec.podInfoOnMount"),
        Cell.Boolean("StorageCapacity", "spec.storageCapacity"),
        Cell.Text("TokenRequests", TokenRequests) with { DescribedBy = "spec.tokenRequests" },
        Cell.Boolean("RequiresRepublish", "spec.requiresRepublish"),
        Cell.Text("Modes", Modes) with { DescribedBy = "spec.volumeLifecycleModes" },
        TableColumn.Age,
    ];

    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.ObjectAt("spec") is not { } spec)
        {
            return;
        }

        spec.SetDefault("attachRequired", true);
        spec.SetDefault("podInfoOnMount", false);
        spec.SetDefault("requiresRepublish", false);
        spec.SetDefault("storageCapacity", false);
        spec.SetDefault("seLinuxMount", false);
        spec.SetDefault("fsGroupPolicy", "ReadWriteOnceWithFSType");
        if (spec["volumeLifecycleModes"] is not JsonArray { Count: > 0 })
        {
            spec["volumeLifecycleModes"] = new JsonArray("Persistent");
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, driver => StorageChecks.Driver(driver["spec"]));

    // The path of the first is upstream's, letter for letter.
    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) => Validate(obj).Concat(Field.FaultsOf(
        obj,
        driver => driver["spec"]["attachedRequired"].With(driver["spec"]["attachRequired"].Value).Unchanged(old.At("spec", "attachRequired")),
        driver => driver["spec"]["volumeLifecycleModes"].Unchanged(old.At("spec", "volumeLifecycleModes"))));

    private static string TokenRequests(JsonObject obj) =>
        string.Join(',', obj.ObjectsAt("spec", "tokenRequests").Select(request => request.StringAt("audience"))) is { Length: > 0 } audiences
            ? audiences
            : Cell.Unset;

    private static string Modes(JsonObject obj) =>
        string.Join(',', (obj.At("spec", "volumeLifecycleModes") as JsonArray ?? []).Select(FieldPath.Text)) is { Length: > 0 } modes ? modes : Cell.None;
}
