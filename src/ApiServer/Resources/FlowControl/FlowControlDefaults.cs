using System.Text.Json.Nodes;

namespace MiniKube.ApiServer.Resources.FlowControl;

/// <summary>
/// The priority levels and flow schemas that every cluster has (upstream's flowcontrol/bootstrap). The mandatory ones may not be changed, the suggested ones
/// are an administrator's to change.
/// </summary>
internal static class FlowControlDefaults
{
    /// <summary>While it is true, the server sets the spec to what it is here.</summary>
    public const string AutoUpdate = "apf.kubernetes.io/autoupdate-spec";

    private const string ByUser = "ByUser";
    private const string ByNamespace = "ByNamespace";
    private const string KubeSystem = "kube-system";

    private static readonly string[] Everybody = ["system:unauthenticated", "system:authenticated"];
    private static readonly string[] Elections = ["get", "create", "update"];

    public static IReadOnlyDictionary<string, JsonObject> MandatoryPriorityLevels { get; } = new Dictionary<string, JsonObject>
    {
        ["exempt"] = new() { ["type"] = "Exempt", ["exempt"] = new JsonObject { ["nominalConcurrencyShares"] = 0, ["lendablePercent"] = 0 } },
        ["catch-all"] = Limited(5, 0, new JsonObject { ["type"] = "Reject" }),
    };

    public static IReadOnlyDictionary<string, JsonObject> SuggestedPriorityLevels { get; } = new Dictionary<string, JsonObject>
    {
        ["system"] = Limited(30, 33, Queued(64, 6)),
        ["node-high"] = Limited(40, 25, Queued(64, 6)),
        ["leader-election"] = Limited(10, 0, Queued(16, 4)),
        ["workload-high"] = Limited(40, 50, Queued(128, 6)),
        ["workload-low"] = Limited(100, 90, Queued(128, 6)),
        ["global-default"] = Limited(20, 50, Queued(128, 6)),
    };

    public static IReadOnlyDictionary<string, JsonObject> MandatoryFlowSchemas { get; } = new Dictionary<string, JsonObject>
    {
        ["exempt"] = Schema("exempt", 1, null, Groups("system:masters"), Everything()),
        ["catch-all"] = Schema("catch-all", 10000, ByUser, Groups(Everybody), Everything()),
    };

    public static IReadOnlyDictionary<string, JsonObject> SuggestedFlowSchemas { get; } = new Dictionary<string, JsonObject>
    {
        ["probes"] = Schema("exempt", 2, null, Groups(Everybody), [NonResource(["get"], "/healthz", "/readyz", "/livez")]),
        ["system-leader-election"] = Schema(
            "leader-election",
            100,
            ByUser,
            [.. Users("system:kube-controller-manager", "system:kube-scheduler"), .. KubeSystemAccounts("*")],
            [Resource(Elections, "coordination.k8s.io", ["leases"], clusterScope: false)]),
        ["endpoint-controller"] = Schema(
            "workload-high",
            150,
            ByUser,
            [.. Users("system:kube-controller-manager"), .. KubeSystemAccounts("endpoint-controller", "endpointslicemirroring-controller")],
            [Resource(Elections, "", ["endpoints"], clusterScope: false)]),
        ["workload-leader-election"] = Schema(
            "leader-election",
            200,
            ByUser,
            KubeSystemAccounts("*"),
            [
                Resource(Elections, "", ["endpoints", "configmaps"], clusterScope: false),
                Resource(Elections, "coordination.k8s.io", ["leases"], clusterScope: false),
            ]),
        ["system-node-high"] = Schema(
            "node-high",
            400,
            ByUser,
            Groups("system:nodes"),
            [
                Resource(["*"], "", ["nodes", "nodes/status"], clusterScope: true),
                Resource(["*"], "coordination.k8s.io", ["leases"], clusterScope: false),
            ]),
        ["system-nodes"] = Schema("system", 500, ByUser, Groups("system:nodes"), Everything()),
        ["kube-controller-manager"] = Schema("workload-high", 800, ByNamespace, Users("system:kube-controller-manager"), Everything()),
        ["kube-scheduler"] = Schema("workload-high", 800, ByNamespace, Users("system:kube-scheduler"), Everything()),
        ["kube-system-service-accounts"] = Schema("workload-high", 900, ByNamespace, KubeSystemAccounts("*"), Everything()),
        ["service-accounts"] = Schema("workload-low", 9000, ByUser, Groups("system:serviceaccounts"), Everything()),
        ["global-default"] = Schema("global-default", 9900, ByUser, Groups(Everybody), Everything()),
    };

    private static JsonObject Limited(int shares, int lendable, JsonObject response) => new()
    {
        ["type"] = "Limited",
        ["limited"] = new JsonObject { ["nominalConcurrencyShares"] = shares, ["limitResponse"] = response, ["lendablePercent"] = lendable },
    };

    private static JsonObject Queued(int queues, int handSize) => new()
    {
        ["type"] = "Queue",
        ["queuing"] = new JsonObject { ["queues"] = queues, ["handSize"] = handSize, ["queueLengthLimit"] = 50 },
    };

    private static JsonObject Schema(string level, int precedence, string? distinguisher, JsonObject[] subjects, (string Field, JsonObject Rule)[] rules)
    {
        var spec = new JsonObject
        {
            ["priorityLevelConfiguration"] = new JsonObject { ["name"] = level },
            ["matchingPrecedence"] = precedence,
        };
        if (distinguisher is not null)
        {
            spec["distinguisherMethod"] = new JsonObject { ["type"] = distinguisher };
        }

        var rule = new JsonObject { ["subjects"] = new JsonArray([.. subjects]) };
        foreach (var kind in rules.GroupBy(one => one.Field, one => one.Rule))
        {
            rule[kind.Key] = new JsonArray([.. kind]);
        }

        spec["rules"] = new JsonArray(rule);
        return spec;
    }

    private static (string Field, JsonObject Rule)[] Everything() => [Resource(["*"], "*", ["*"], clusterScope: true), NonResource(["*"], "*")];

    private static (string Field, JsonObject Rule) Resource(string[] verbs, string group, string[] resources, bool clusterScope)
    {
        var rule = new JsonObject { ["verbs"] = Strings(verbs), ["apiGroups"] = Strings(group), ["resources"] = Strings(resources), ["namespaces"] = Strings("*") };
        if (clusterScope)
        {
            rule["clusterScope"] = true;
        }

        return ("resourceRules", rule);
    }

    private static (string Field, JsonObject Rule) NonResource(string[] verbs, params string[] urls) =>
        ("nonResourceRules", new JsonObject { ["verbs"] = Strings(verbs), ["nonResourceURLs"] = Strings(urls) });

    private static JsonObject[] Groups(params string[] names) =>
        Array.ConvertAll(names, name => new JsonObject { ["kind"] = "Group", ["group"] = new JsonObject { ["name"] = name } });

    private static JsonObject[] Users(params string[] names) =>
        Array.ConvertAll(names, name => new JsonObject { ["kind"] = "User", ["user"] = new JsonObject { ["name"] = name } });

    private static JsonObject[] KubeSystemAccounts(params string[] names) => Array.ConvertAll(names, name => new JsonObject
    {
        ["kind"] = "ServiceAccount",
        ["serviceAccount"] = new JsonObject { ["namespace"] = KubeSystem, ["name"] = name },
    });

    private static JsonArray Strings(params string[] values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
