using MiniKube.Api.Meta;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Writes one object in the form that the client asks for: itself, a Table with one row, or only its metadata.</summary>
internal sealed class ObjectAnswer(TableRenderer tables)
{
    public Task WriteAsync(ApiRequest request, ServedResource resource, int status, CachedObject obj)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        return accept.IsTransformed
            ? WriteTransformedAsync(request, resource.Strategy, status, accept, obj)
            : Answer.WriteAsync(request, status, accept, resource.Kind, [obj.Json, Answer.LineFeed]);
    }

    /// <summary>An object that is not stored and has no metadata, such as a review: there is no Table of it.</summary>
    public static Task WriteAsync(ApiRequest request, int status, GroupVersionKind kind, ReadOnlyMemory<byte> json) => Answer.WriteAsync(
        request, status, AcceptHeader.ChooseUntransformed(request.Http.Request.Headers.Accept, kind), kind, [json, Answer.LineFeed]);

    /// <summary>The result of a write.</summary>
    public Task WriteAsync(ApiRequest request, ServedResource resource, int status, WriteResult result)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        return accept.IsTransformed
            ? WriteTransformedAsync(request, resource.Strategy, status, accept, resource.Cacher.ReadServed(result.Json))
            : Answer.WriteAsync(request, status, accept, resource.Kind, [result.Json, Answer.LineFeed]);
    }

    /// <summary>What is made of an object of the resource but has a kind and a Table of its own (a Scale).</summary>
    public Task WriteAsync(ApiRequest request, ServedResource resource, ResourceStrategy shown, ReadOnlyMemory<byte> json)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, shown.Kind);
        return accept.IsTransformed
            ? WriteTransformedAsync(request, shown, 200, accept, resource.Cacher.ReadServed(json))
            : Answer.WriteAsync(request, 200, accept, shown.Kind, [json, Answer.LineFeed]);
    }

    private Task WriteTransformedAsync(ApiRequest request, ResourceStrategy shown, int status, MediaType accept, CachedObject obj) => accept.As == "Table"
        ? Answer.WriteAsync(
            request,
            status,
            accept,
            new GroupVersionKind("meta.k8s.io", accept.Version, "Table"),
            [.. tables.Render(shown, accept.Version, TableQuery.Read(request), [obj], ListMetadata.OfObject(obj)), Answer.LineFeed])
        : Answer.WriteAsync(
            request,
            status,
            accept,
            PartialMetadata.Kind,
            [PartialMetadata.Head(accept.Version), obj.Bytes.Metadata, PartialMetadata.Tail, Answer.LineFeed]);
}
