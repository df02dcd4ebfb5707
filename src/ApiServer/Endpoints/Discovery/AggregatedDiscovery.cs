using System.Text.Json.Nodes;

using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Discovery;

/// <summary>Everything about all groups in one document (APIGroupDiscoveryList), as newer clients ask for it.</summary>
internal sealed class AggregatedDiscovery(DiscoveryDocuments documents)
{
    /// <param name="core">The core group (<c>/api</c>) or all others (<c>/apis</c>).</param>
    /// <param name="version">v2 or v2beta1 of apidiscovery.k8s.io: the same document.</param>
    public JsonObject List(bool core, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList",
        ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. documents.Groups.Where(group => group.Name.Length == 0 == core).Select(Group)]),
    };

    private JsonObject Group(ApiGroup group)
    {
        var metadata = new JsonObject();
        if (group.Name.Length > 0)
        {
            metadata["name"] = group.Name;
        }

        metadata["creationTimestamp"] = null;
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. group.Versions.Select(version => new JsonObject
            {
                ["version"] = version,
                ["resources"] = new JsonArray([.. documents.ResourcesOf(group.Name, version).Select(Resource)]),
                ["freshness"] = "Current",
            })]),
        };
    }

    private JsonObject Resource(ServedResource resource)
    {
        var strategy = resource.Strategy;
        var json = new JsonObject
        {
            ["resource"] = resource.Name.Resource,
            ["responseKind"] = new JsonObject { ["group"] = "", ["version"] = "", ["kind"] = resource.Kind.Kind },
            ["scope"] = strategy.NamespaceScoped ? "Namespaced" : "Cluster",
            ["singularResource"] = strategy.Singular,
            ["verbs"] = DiscoveryDocuments.VerbsOf(resource),
        };
        if (strategy.ShortNames.Count > 0)
        {
            json["shortNames"] = DiscoveryDocuments.Verbs(strategy.ShortNames);
        }

        if (strategy.Categories.Count > 0)
        {
            json["categories"] = DiscoveryDocuments.Verbs(strategy.Categories);
        }

        var subresources = Subresources(resource).ToList();
        if (subresources.Count > 0)
        {
            json["subresources"] = new JsonArray([.. subresources]);
        }

        return json;
    }

    private IEnumerable<JsonObject> Subresources(ServedResource resource)
    {
        if (resource.Strategy.HasStatus)
        {
            yield return Subresource("status", "", "", resource.Kind.Kind, ["get", "patch", "update"]);
        }

        foreach (var subresource in documents.SubresourcesOf(resource))
        {
            var kind = subresource.Kind;
            var isSame = kind.Group == resource.Kind.Group && kind.Version == resource.Kind.Version;
            yield return Subresource(subresource.Name, isSame ? "" : kind.Group, isSame ? "" : kind.Version, kind.Kind, subresource.Verbs);
        }
    }

    private static JsonObject Subresource(string name, string group, string version, string kind, IEnumerable<string> verbs) => new()
    {
        ["subresource"] = name,
        ["responseKind"] = new JsonObject { ["group"] = group, ["version"] = version, ["kind"] = kind },
        ["verbs"] = DiscoveryDocuments.Verbs(verbs),
    };
}
