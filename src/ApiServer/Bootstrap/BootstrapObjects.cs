using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

using MiniKube.Api.Serialization;
using MiniKube.ApiServer.FlowControl;
using MiniKube.ApiServer.Resources.FlowControl;

namespace MiniKube.ApiServer.Bootstrap;

/// <summary>
/// What every cluster has: its namespaces, the <c>kubernetes</c> Service at the first address of the range, the ServiceCIDR of that range, the priorities of
/// system pods, the levels and schemas of flow control, and what tells extension servers whom to trust.
/// </summary>
/// <param name="writer">Writes them.</param>
/// <param name="options">The ranges, ports and files.</param>
/// <param name="clientCa">The authorities of client certificates (PEM); empty when there are none.</param>
/// <param name="clock">Says since when something holds.</param>
internal sealed class BootstrapObjects(SystemWriter writer, ApiServerOptions options, string clientCa, TimeProvider clock)
{
    private const int ServicePort = 443;
    private const string KubeSystem = "kube-system";
    private const string FlowControlGroup = FlowClassifier.Group;

    private static readonly string[] Namespaces = [KubeSystem, "kube-public", "kube-node-lease", "default"];

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Namespaces.Select(name => EnsureAsync("", "namespaces", "", Named(name), cancellationToken)));

        // At once: the store commits all that wait with one fsync.
        await Task.WhenAll(All().Select(one => EnsureAsync(one.Group, one.Resource, one.Namespace, one.Object, cancellationToken)));
        await Task.WhenAll(Conditions().Select(one => writer.EnsureStatusAsync(one.Group, one.Resource, one.Name, Status(one.Condition), cancellationToken)));
    }

    private IEnumerable<(string Group, string Resource, string Namespace, JsonObject Object)> All()
    {
        yield return ("", "services", "default", Service(ServiceNetwork.FirstAddress(options.ServiceClusterIpRange)));
        yield return ("networking.k8s.io", "servicecidrs", "", ServiceCidr());
        yield return ("", "configmaps", KubeSystem, TokenTracking());
        if (TrustOfExtensionServers() is { Count: > 0 } trust)
        {
            yield return ("", "configmaps", KubeSystem, With(Named("extension-apiserver-authentication", KubeSystem), "data", trust));
        }

        yield return PriorityClass("system-node-critical", 2_000_001_000, "Used for system critical pods that must not be moved from their current node.");
        yield return PriorityClass(
            "system-cluster-critical", 2_000_000_000, "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.");
        foreach (var (name, spec) in FlowControlDefaults.MandatoryPriorityLevels.Concat(FlowControlDefaults.SuggestedPriorityLevels))
        {
            yield return FlowControl("prioritylevelconfigurations", name, spec);
        }

        foreach (var (name, spec) in FlowControlDefaults.MandatoryFlowSchemas.Concat(FlowControlDefaults.SuggestedFlowSchemas))
        {
            yield return FlowControl("flowschemas", name, spec);
        }
    }

    private Task EnsureAsync(string group, string resource, string @namespace, JsonObject obj, CancellationToken cancellationToken) =>
        writer.EnsureAsync(group, resource, @namespace, obj, cancellationToken);

    private static JsonObject Named(string name, string @namespace = "")
    {
        var metadata = new JsonObject { ["name"] = name };
        if (@namespace.Length > 0)
        {
            metadata["namespace"] = @namespace;
        }

        return new JsonObject { ["metadata"] = metadata };
    }

    private static JsonObject With(JsonObject obj, string field, JsonNode value)
    {
        obj[field] = value;
        return obj;
    }

    private static (string Group, string Resource, string Namespace, JsonObject Object) PriorityClass(string name, int value, string description) =>
        ("scheduling.k8s.io", "priorityclasses", "", With(With(Named(name), "value", value), "description", description));

    private static (string Group, string Resource, string Namespace, JsonObject Object) FlowControl(string resource, string name, JsonObject spec) => (
        FlowControlGroup,
        resource,
        "",
        new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = new JsonObject { [FlowControlDefaults.AutoUpdate] = "true" } },
            ["spec"] = spec.DeepClone(),
        });

    /// <summary>Whose certificates are users, and which front proxy's headers are to be believed.</summary>
    private JsonObject TrustOfExtensionServers()
    {
        var trust = new JsonObject();
        if (clientCa.Length > 0)
        {
            trust["client-ca-file"] = clientCa;
        }

        if (options.RequestHeader is { ClientCaFile: { } proxyCa } proxy)
        {
            trust["requestheader-client-ca-file"] = File.ReadAllText(proxyCa);
            trust["requestheader-allowed-names"] = Json(proxy.AllowedNames);
            trust["requestheader-username-headers"] = Json(proxy.UsernameHeaders);
            trust["requestheader-group-headers"] = Json(proxy.GroupHeaders);
            trust["requestheader-extra-headers-prefix"] = Json(proxy.ExtraHeaderPrefixes);
            if (proxy.UidHeaders.Count > 0)
            {
                trust["requestheader-uid-headers"] = Json(proxy.UidHeaders);
            }
        }

        return trust;
    }

    private static string Json(IEnumerable<string> texts) => new JsonArray([.. texts.Select(text => JsonValue.Create(text))]).ToJsonString();

    private JsonObject ServiceCidr() => With(Named("kubernetes"), "spec", new JsonObject
    {
        ["cidrs"] = new JsonArray([.. options.ServiceClusterIpRange.Split(',', StringSplitOptions.TrimEntries).Select(cidr => JsonValue.Create(cidr))]),
    });

    // Since when the use of old tokens of service accounts is recorded.
    private JsonObject TokenTracking() => With(Named("kube-apiserver-legacy-service-account-token-tracking", KubeSystem), "data", new JsonObject
    {
        ["since"] = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
    });

    private static IEnumerable<(string Group, string Resource, string Name, JsonObject Condition)> Conditions()
    {
        yield return ("networking.k8s.io", "servicecidrs", "kubernetes", Condition("Ready", "True", "", "Kubernetes default Service CIDR is ready"));
        foreach (var (name, spec) in FlowControlDefaults.MandatoryFlowSchemas.Concat(FlowControlDefaults.SuggestedFlowSchemas))
        {
            yield return (FlowControlGroup, "flowschemas", name, DanglingSchemas.Condition(spec.StringAt("priorityLevelConfiguration", "name") ?? "", isThere: true));
        }
    }

    private static JsonObject Condition(string type, string status, string reason, string message) =>
        new() { ["type"] = type, ["status"] = status, ["reason"] = reason, ["message"] = message };

    private JsonObject Status(JsonObject condition)
    {
        condition["lastTransitionTime"] = clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new JsonObject { ["conditions"] = new JsonArray(condition) };
    }

    private JsonObject Service(IPAddress address)
    {
        var service = Named("kubernetes", "default");
        service["metadata"]!["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" };
        return With(service, "spec", new JsonObject
        {
            ["clusterIP"] = address.ToString(),
            ["clusterIPs"] = new JsonArray(address.ToString()),
            ["type"] = "ClusterIP",
            ["sessionAffinity"] = "None",
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = "https",
                ["port"] = ServicePort,
                ["protocol"] = "TCP",
                ["targetPort"] = options.SecurePort,
            }),
        });
    }
}
