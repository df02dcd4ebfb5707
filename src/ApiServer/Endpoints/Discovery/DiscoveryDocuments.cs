using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Discovery;

/// <summary>The plain discovery documents: what groups, versions and resources there are.</summary>
internal sealed class DiscoveryDocuments(CatalogSnapshot catalog, IReadOnlyList<ISubresource> subresources)
{
    /// <summary>Upstream's order of the groups: the older ones first.</summary>
    private static readonly string[] GroupOrder =
    [
        "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
        "networking.k8s.io", "policy", "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io",
        "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "flowcontrol.apiserver.k8s.io", "resource.k8s.io",
    ];

    /// <summary>All groups with their versions, the preferred one first. The core group is the empty string.</summary>
    public IReadOnlyList<ApiGroup> Groups { get; } =
    [
        .. catalog.All
            .GroupBy(resource => resource.Name.Group)
            .Select(group => new ApiGroup(group.Key, [.. group.Select(resource => resource.Name.Version).Distinct().Order(ApiVersionOrder.PreferredFirst)]))
            .OrderBy(group => Array.IndexOf(GroupOrder, group.Name) is >= 0 and var index ? index : int.MaxValue)
            .ThenBy(group => group.Name, StringComparer.Ordinal),
    ];

    /// <summary><c>/api</c>.</summary>
    public static JsonObject ApiVersions(string serverAddress) => new()
    {
        ["kind"] = "APIVersions",
        ["versions"] = new JsonArray("v1"),
        ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
    };

    /// <summary><c>/apis</c>.</summary>
    public JsonObject GroupList() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. Groups.Where(group => group.Name.Length > 0).Select(Group)]),
    };

    /// <summary><c>/apis/group</c>; null if there is none.</summary>
    public JsonObject? OneGroup(string name)
    {
        if (name.Length == 0 || Groups.FirstOrDefault(group => group.Name == name) is not { } found)
        {
            return null;
        }

        var json = new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        foreach (var (field, value) in Group(found).ToList())
        {
            json[field] = value?.DeepClone();
        }

        return json;
    }

    /// <summary><c>/api/v1</c> and <c>/apis/group/version</c>; null if there is none.</summary>
    public JsonObject? ResourceList(string group, string version)
    {
        var resources = ResourcesOf(group, version);
        return resources.Count == 0
            ? null
            : new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["apiVersion"] = "v1",
                ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
                ["resources"] = new JsonArray([.. resources.SelectMany(Resource)]),
            };
    }

    public IReadOnlyList<ServedResource> ResourcesOf(string group, string version) =>
    [
        .. catalog.All
            .Where(resource => resource.Name.Group == group && resource.Name.Version == version)
            .OrderBy(resource => resource.Name.Resource, StringComparer.Ordinal),
    ];

    public IEnumerable<ISubresource> SubresourcesOf(ServedResource resource) =>
        subresources.Where(subresource => subresource.Serves(resource)).OrderBy(subresource => subresource.Name, StringComparer.Ordinal);

    public static JsonArray Verbs(IEnumerable<string> verbs) => new([.. verbs.Select(verb => JsonValue.Create(verb))]);

    public static JsonArray VerbsOf(ServedResource resource) => Verbs(resource.Strategy.Verbs);

    private static JsonObject Group(ApiGroup group) => new()
    {
        ["name"] = group.Name,
        ["versions"] = new JsonArray([.. group.Versions.Select(version => Version(group.Name, version))]),
        ["preferredVersion"] = Version(group.Name, group.Versions[0]),
    };

    private static JsonObject Version(string group, string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };

    private IEnumerable<JsonObject> Resource(ServedResource resource)
    {
        var strategy = resource.Strategy;
        var json = new JsonObject
        {
            ["name"] = resource.Name.Resource,
            ["singularName"] = strategy.Singular,
            ["namespaced"] = strategy.NamespaceScoped,
            ["kind"] = resource.Kind.Kind,
            ["verbs"] = VerbsOf(resource),
        };
        AddNames(json, "shortNames", strategy.ShortNames);
        AddNames(json, "categories", strategy.Categories);
        if (strategy.IsStored)
        {
            json["storageVersionHash"] = StorageVersionHash.Of(strategy.StoredKind);
        }

        yield return json;
        if (strategy.HasStatus)
        {
            yield return new JsonObject
            {
                ["name"] = $"{resource.Name.Resource}/status",
                ["singularName"] = "",
                ["namespaced"] = strategy.NamespaceScoped,
                ["kind"] = resource.Kind.Kind,
                ["verbs"] = Verbs(["get", "patch", "update"]),
            };
        }

        foreach (var subresource in SubresourcesOf(resource))
        {
            var part = new JsonObject
            {
                ["name"] = $"{resource.Name.Resource}/{subresource.Name}",
                ["singularName"] = "",
                ["namespaced"] = strategy.NamespaceScoped,
            };
            if (subresource.Kind.Group != resource.Kind.Group || subresource.Kind.Version != resource.Kind.Version)
            {
                part["group"] = subresource.Kind.Group;
                part["version"] = subresource.Kind.Version;
            }

            part["kind"] = subresource.Kind.Kind;
            part["verbs"] = Verbs(subresource.Verbs);
            yield return part;
        }
    }

    private static void AddNames(JsonObject json, string field, IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            json[field] = Verbs(names);
        }
    }
}
