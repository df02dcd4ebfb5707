using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.Resources.Validation;

namespace MiniKube.ApiServer.Resources.Core;

internal sealed class NodeStrategy : ResourceStrategy<V1Node>
{
    public override IReadOnlyList<string> ShortNames => ["no"];

    public override bool NamespaceScoped => false;

    public override bool HasGeneration => false;

    public override IReadOnlyList<TableColumn> Columns { get; } =
    [
        TableColumn.NameColumn,
        Cell.Text("Status", Status, description: "The status of the node"),
        Cell.Text("Roles", Roles, description: "The roles of the node"),
        TableColumn.Age,
        Cell.Text("Version", "status.nodeInfo.kubeletVersion"),
        Cell.Text("Internal-IP", obj => Address(obj, "InternalIP"), 1) with { DescribedBy = "status.addresses" },
        Cell.Text("External-IP", obj => Address(obj, "ExternalIP"), 1) with { DescribedBy = "status.addresses" },
        Cell.Text("OS-Image", "status.nodeInfo.osImage", 1, absent: "<unknown>"),
        Cell.Text("Kernel-Version", "status.nodeInfo.kernelVersion", 1, absent: "<unknown>"),
        Cell.Text("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", 1, absent: "<unknown>"),
    ];

    private const string RolePrefix = "node-role.kubernetes.io/";

    public override IReadOnlyDictionary<string, Func<JsonObject, string>> SelectableFields { get; } = Selectable.Fields()
        .And("spec.unschedulable", obj => obj.BooleanAt("spec", "unschedulable") == true ? "true" : "false");

    // What a node can bear is all that pods may use, unless it says otherwise.
    public override void ApplyDefaults(JsonObject obj)
    {
        if (obj.ObjectAt("status") is { } status && status.ObjectAt("capacity") is { } capacity)
        {
            AmountDefaults.RoundUp(capacity);
            var allocatable = status.GetOrAddObject("allocatable");
            AmountDefaults.RoundUp(allocatable);
            if (allocatable.Count == 0)
            {
                status["allocatable"] = capacity.DeepClone();
            }
        }

        if (obj.ObjectAt("spec") is { } spec)
        {
            MirrorPodCidrs(spec);
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj) => Field.FaultsOf(obj, NodeChecks.Validate);

    public override IEnumerable<FieldError> ValidateUpdate(JsonObject obj, JsonObject old) =>
        Field.FaultsOf(obj, node => NodeChecks.ValidateUpdate(node, old));

    public override IEnumerable<FieldError> ValidateStatusUpdate(JsonObject obj, JsonObject old) => ValidateUpdate(obj, old);

    public override IEnumerable<string> Warnings(JsonObject obj)
    {
        if (obj.At("spec", "configSource") is not null)
        {
            yield return "spec.configSource: the feature is removed";
        }

        if (obj.StringAt("spec", "externalID") is { Length: > 0 })
        {
            yield return "spec.externalID: this field is deprecated, and is unused by Kubernetes";
        }

        foreach (var warning in AddressWarnings.Ranges("spec.podCIDRs", obj.At("spec", "podCIDRs")))
        {
            yield return warning;
        }
    }

    // The single address range and the first of the list are the same.
    private static void MirrorPodCidrs(JsonObject spec)
    {
        if (spec["podCIDRs"] is JsonArray { Count: > 0 } ranges)
        {
            spec["podCIDR"] = ranges[0]?.DeepClone();
        }
        else if (spec.StringAt("podCIDR") is { Length: > 0 } range)
        {
            spec["podCIDRs"] = new JsonArray(range);
        }
    }

    private static string Status(JsonObject obj)
    {
        var ready = obj.ObjectsAt("status", "conditions").FirstOrDefault(condition => condition.StringAt("type") == "Ready").StringAt("status");
        var status = ready switch
        {
            "True" => "Ready",
            null => "Unknown",
            _ => "NotReady",
        };
        return obj.BooleanAt("spec", "unschedulable") == true ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject obj)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (label, value) in obj.ObjectAt("metadata", "labels") ?? [])
        {
            if (label.StartsWith(RolePrefix, StringComparison.Ordinal) && label.Length > RolePrefix.Length)
            {
                roles.Add(label[RolePrefix.Length..]);
            }
            else if (label == "kubernetes.io/role" && FieldPath.Text(value) is { Length: > 0 } role)
            {
                roles.Add(role);
            }
        }

        return roles.Count == 0 ? Cell.None : string.Join(',', roles);
    }

    private static string Address(JsonObject obj, string type) =>
        obj.ObjectsAt("status", "addresses").FirstOrDefault(address => address.StringAt("type") == type).StringAt("address") ?? Cell.None;
}
