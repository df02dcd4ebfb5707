using System.Text.Json.Nodes;

using MiniKube.Api.Meta;
using MiniKube.Api.Schema;

namespace MiniKube.ApiServer.Endpoints.OpenApi;

/// <summary>
/// Makes the paths that are of no resource: what groups there are, the version of the server, and what verifies its tokens. Each has a document of its own, named as the path.
/// </summary>
internal sealed class GeneralPaths(OpenApiFlavour flavour, SchemaBuilder schemas)
{
    private const string Groups = "apis/";
    private const string Version = "version";
    private const string Issuer = ".well-known/openid-configuration";
    private const string IssuerKeys = "openid/v1/jwks";

    private readonly OperationBuilder _operations = new(flavour);

    /// <summary>The documents there are. A group of custom resources has none of its own.</summary>
    public static IEnumerable<string> Keys(IEnumerable<OpenApiResource> resources) =>
        resources.Where(resource => resource is { Custom: null, Kind.Group.Length: > 0 }).Select(resource => Groups + resource.Kind.Group).Distinct()
            .Concat(["api", "apis", Version, Issuer, IssuerKeys]);

    /// <summary>The one path of a document.</summary>
    public KeyValuePair<string, JsonObject> Of(string key)
    {
        var operation = key switch
        {
            "api" => Operation("getCoreAPIVersions", "get available API versions", "core", Meta("APIVersions")),
            "apis" => Operation("getAPIVersions", "get available API versions", "apis", Meta("APIGroupList")),
            Version => Operation(
                "getCodeVersion", "get the version of this server", Version, schemas.Reference("io.k8s.apimachinery.pkg.version.Info", SpecialSchemas.VersionInfo), "application/json"),
            Issuer => Operation(
                "getServiceAccountIssuerOpenIDConfiguration", "get the OpenID configuration of the issuer of service account tokens", "WellKnown", ConnectOperations.Text, "application/json"),
            IssuerKeys => Operation(
                "getServiceAccountIssuerOpenIDKeyset", "get the public keys that verify service account tokens", "openid", ConnectOperations.Text, "application/jwk-set+json"),
            _ => OfGroup(new GroupVersionKind(key[Groups.Length..], "", "")),
        };
        return KeyValuePair.Create($"/{key}/", new JsonObject { ["get"] = _operations.Build(operation) });
    }

    private OpenApiOperation OfGroup(GroupVersionKind group) =>
        Operation($"get{OperationNames.Of(group)}APIGroup", "get information of a group", OperationNames.TagOf(group).TrimEnd('_'), Meta("APIGroup"));

    private static OpenApiOperation Operation(string id, string description, string tag, JsonObject answer, params IReadOnlyList<string> mediaTypes) =>
        new("", id, description, tag, new GroupVersionKind("", "", ""), [], answer) { MediaTypes = mediaTypes };

    private JsonObject Meta(string name) => schemas.Reference(TypeGraph.BuiltIn.Find("meta/v1", name) ?? throw new InvalidOperationException($"{name} is no type of meta/v1."));
}
