using Microsoft.Extensions.Primitives;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.Storage;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>What the query and headers of a write say.</summary>
internal static class WriteQuery
{
    public static WriteRequest Read(ApiRequest request, ServedResource resource, string optionsKind)
    {
        var info = request.Info;
        var isDryRun = IsDryRun(request.Http.Request.Query["dryRun"], optionsKind);
        var ns = resource.Strategy.NamespaceScoped ? info.Namespace : "";
        var manager = FieldManagerQuery.Read(request.Http.Request, optionsKind);
        return new WriteRequest(resource, ns, info.Name, request.User, info.Subresource, isDryRun, FenceOf(request), manager) { Warnings = request.Warnings };
    }

    public static bool IsDryRun(StringValues values, string optionsKind)
    {
        foreach (var value in values)
        {
            if (value != "All")
            {
                throw StatusException.Invalid(
                    new GroupVersionKind("meta.k8s.io", "v1", optionsKind), "", [FieldError.NotSupported("dryRun", values.ToArray(), "All")]);
            }
        }

        return values.Count > 0;
    }

    private static Compare? FenceOf(ApiRequest request)
    {
        var header = request.Http.Request.Headers[Fencing.Header];
        if (header.Count == 0)
        {
            return null;
        }

        return Fencing.TryParse(header.ToString(), out var lease, out var token)
            ? new Compare(LeaseFencing.KeyOf(lease.Namespace, lease.Name), token)
            : throw StatusException.BadRequest($"the header {Fencing.Header} must be <namespace>/<lease name>:<token>");
    }
}
