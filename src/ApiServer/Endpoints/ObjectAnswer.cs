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
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept);
        return accept.As.Length == 0
            ? WriteWholeAsync(request, status, accept, resource.Kind, obj.Json)
            : Answer.WriteAsync(request, status, accept.Name, Transform(request, resource, accept, obj));
    }

    /// <summary>An object that is not of the resource's kind, such as a Scale.</summary>
    public static Task WriteAsync(ApiRequest request, int status, GroupVersionKind kind, ReadOnlyMemory<byte> json) =>
        WriteWholeAsync(request, status, AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept), kind, json);

    /// <summary>The result of a write.</summary>
    public Task WriteAsync(ApiRequest request, ServedResource resource, int status, WriteResult result)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept);
        return accept.As.Length == 0
            ? WriteWholeAsync(request, status, accept, resource.Kind, result.Json)
            : Answer.WriteAsync(request, status, accept.Name, Transform(request, resource, accept, resource.Cacher.ReadServed(result.Json)));
    }

    private static Task WriteWholeAsync(ApiRequest request, int status, MediaType accept, GroupVersionKind kind, ReadOnlyMemory<byte> json) =>
        Answer.WriteAsync(request, status, accept.Name, AnswerEncoding.Encode([json, Answer.LineFeed], accept, kind));

    private List<ReadOnlyMemory<byte>> Transform(ApiRequest request, ServedResource resource, MediaType accept, CachedObject obj) => accept.As switch
    {
        "Table" => [.. tables.Render(resource, accept.Version, TableQuery.Read(request), [obj], ListMetadata.OfObject(obj)), Answer.LineFeed],
        _ => [PartialMetadata.Head(accept.Version), obj.Bytes.Metadata, PartialMetadata.Tail, Answer.LineFeed],
    };
}
