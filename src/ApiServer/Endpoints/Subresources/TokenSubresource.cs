using System.Text.Json.Nodes;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Schema;
using MiniKube.Api.Serialization;
using MiniKube.ApiServer.Admission;
using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Subresources;

/// <summary><c>serviceaccounts/name/token</c>: a new token of the account, for some audiences and for some time, perhaps bound to an object and gone with it.</summary>
internal sealed class TokenSubresource(
    TokenIssuer issuer, TokenObjects objects, AdmissionChain admission, TimeSpan longest, TimeProvider clock) : ISubresource
{
    private const long DefaultSeconds = 3600;
    private const long LeastSeconds = 600;
    private const long MostSeconds = 1L << 32;
    private static readonly GroupVersionKind TokenRequest = new("authentication.k8s.io", "v1", "TokenRequest");
    private static readonly ObjectType? Type = TypeGraph.BuiltIn.Find(TokenRequest);

    public string Name => "token";

    public GroupVersionKind Kind => TokenRequest;

    public IReadOnlyList<string> Verbs => ["create"];

    public bool Serves(ServedResource resource) => resource.Kind == new GroupVersionKind("", "v1", "ServiceAccount");

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        if (request.Info.Verb != "create")
        {
            throw StatusException.MethodNotAllowed();
        }

        var write = WriteQuery.Read(request, resource, "CreateOptions");
        var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancellation);
        var wanted = BodyDecoder.Decode(body.Span, request.Http.Request.ContentType, Kind, Type).Decoded.Object;
        Validate(wanted, write);
        var account = await objects.ServiceAccountAsync(write.Namespace, write.Name, request.Cancellation)
            ?? throw StatusException.NotFound(resource.Name, write.Name);
        Complete(wanted, write);
        await admission.ValidateAsync(new AdmissionAttributes(AdmissionOperation.Create, write, wanted, null), request.Cancellation);
        await FillAsync(request, wanted, write, new TokenBinding(write.Name, CachedIdentity.Of(account).Uid));
        await ObjectAnswer.WriteAsync(request, StatusCodes.Status201Created, Kind, JsonCodec.Write(wanted, Type));
    }

    private void Validate(JsonObject wanted, WriteRequest write)
    {
        List<FieldError> errors = [];
        if (wanted.StringAt("metadata", "name") is { Length: > 0 } name && name != write.Name)
        {
            errors.Add(FieldError.Invalid("metadata.name", name, "must match the service account name if specified"));
        }

        if (wanted.StringAt("metadata", "namespace") is { Length: > 0 } ns && ns != write.Namespace)
        {
            errors.Add(FieldError.Invalid("metadata.namespace", ns, "must match the service account namespace if specified"));
        }

        var seconds = wanted.IntegerAt("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds < LeastSeconds)
        {
            errors.Add(FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"));
        }

        if (seconds > MostSeconds)
        {
            errors.Add(FieldError.Invalid("spec.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"));
        }

        if (errors.Count > 0)
        {
            throw StatusException.Invalid(Kind, write.Name, errors);
        }
    }

    private void Complete(JsonObject wanted, WriteRequest write)
    {
        wanted["kind"] = Kind.Kind;
        wanted["apiVersion"] = Kind.ApiVersion;
        var metadata = ObjectMetadata.Of(wanted);
        metadata["name"] = write.Name;
        metadata["namespace"] = write.Namespace;
        metadata["creationTimestamp"] = ObjectMetadata.Timestamp(clock.GetUtcNow());
        var spec = wanted.GetOrAddObject("spec");
        spec.SetDefault("expirationSeconds", DefaultSeconds);
        if (spec["audiences"] is not JsonArray { Count: > 0 })
        {
            spec["audiences"] = new JsonArray([.. issuer.ApiAudiences.Select(audience => JsonValue.Create(audience))]);
        }
    }

    private async ValueTask FillAsync(ApiRequest request, JsonObject wanted, WriteRequest write, TokenBinding account)
    {
        var claims = new ServiceAccountClaims(write.Namespace, account);
        if (wanted.ObjectAt("spec", "boundObjectRef") is { } reference)
        {
            claims = await BindAsync(claims, reference, request.Cancellation);
        }

        var seconds = wanted.IntegerAt("spec", "expirationSeconds") ?? DefaultSeconds;
        if (longest > TimeSpan.Zero && seconds > longest.TotalSeconds)
        {
            request.Warnings.Add($"requested expiration of {seconds} seconds shortened to {(long)longest.TotalSeconds} seconds");
            wanted.GetOrAddObject("spec")["expirationSeconds"] = seconds = (long)longest.TotalSeconds;
        }

        var now = clock.GetUtcNow();
        List<string> audiences = [.. (wanted.At("spec", "audiences") as JsonArray ?? []).Select(audience => audience?.ToString() ?? "")];
        wanted["status"] = new JsonObject
        {
            ["token"] = write.DryRun ? "" : issuer.Issue(claims, audiences, seconds, now),
            ["expirationTimestamp"] = ObjectMetadata.Timestamp(now.AddSeconds(seconds)),
        };
    }

    private async ValueTask<ServiceAccountClaims> BindAsync(ServiceAccountClaims claims, JsonObject reference, CancellationToken cancellationToken)
    {
        var kind = GroupVersionKind.Parse(reference.StringAt("apiVersion") ?? "", reference.StringAt("kind") ?? "");
        var name = reference.StringAt("name") ?? "";
        switch (kind)
        {
            case { Group: "", Kind: "Pod" }:
                return await BindToPodAsync(claims, name, reference, cancellationToken);
            case { Group: "", Kind: "Secret" }:
                return claims with { Secret = Bind(await objects.SecretAsync(claims.Namespace, name, cancellationToken), "secrets", "Secret", name, reference) };
            case { Group: "", Kind: "Node" }:
                return claims with { Node = Bind(await objects.NodeAsync(name, cancellationToken), "nodes", "Node", name, reference) };
            default:
                var apiVersion = kind.Group.Length == 0 ? $"/{kind.Version}" : kind.ApiVersion;
                throw StatusException.BadRequest($"cannot bind token to object of type {apiVersion}, Kind={kind.Kind}");
        }
    }

    private async ValueTask<ServiceAccountClaims> BindToPodAsync(
        ServiceAccountClaims claims, string name, JsonObject reference, CancellationToken cancellationToken)
    {
        var found = await objects.PodAsync(claims.Namespace, name, cancellationToken);
        var binding = Bind(found, "pods", "Pod", name, reference);
        var pod = found is null ? [] : ObjectCodec.Parse(found.Json.Span);
        if (pod.StringAt("spec", "serviceAccountName") != claims.ServiceAccount.Name)
        {
            throw StatusException.BadRequest(
                $"cannot bind token for serviceaccount {GoText.Quote(claims.ServiceAccount.Name)} to pod running with different serviceaccount name.");
        }

        if (pod.StringAt("spec", "nodeName") is not { Length: > 0 } nodeName)
        {
            return claims with { Pod = binding };
        }

        var node = await objects.NodeAsync(nodeName, cancellationToken);
        return claims with { Pod = binding, Node = new TokenBinding(nodeName, node is null ? "" : CachedIdentity.Of(node).Uid) };
    }

    private static TokenBinding Bind(CachedObject? found, string resource, string kind, string name, JsonObject reference)
    {
        var uid = found is null ? throw StatusException.NotFound(new GroupVersionResource("", "v1", resource), name) : CachedIdentity.Of(found).Uid;
        return reference.StringAt("uid") is not { Length: > 0 } asked || asked == uid
            ? new TokenBinding(name, uid)
            : throw StatusException.Conflict(
                new GroupVersionResource("", "v1", kind),
                name,
                $"the UID in the bound object reference ({asked}) does not match the UID in record. The object might have been deleted and then recreated");
    }
}
