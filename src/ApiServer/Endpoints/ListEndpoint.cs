using MiniKube.Api.Meta;
using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>GET of a collection. The answer is put together from bytes that the cache holds.</summary>
internal sealed class ListEndpoint(ListReader reader, TableRenderer tables) : IEndpoint
{
    private static readonly ReadOnlyMemory<byte> Items = ",\"items\":["u8.ToArray();
    private static readonly ReadOnlyMemory<byte> FirstItem = "{"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> NextItem = ",{"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Comma = ","u8.ToArray();
    private static readonly ReadOnlyMemory<byte> End = "]}\n"u8.ToArray();

    public async Task HandleAsync(ApiRequest request, ServedResource resource)
    {
        var accept = AcceptHeader.ChooseObject(request.Http.Request.Headers.Accept, resource.Kind);
        var query = ReadQuery.Parse(request, resource, isWatch: false);
        var page = await reader.ReadAsync(resource, query, request.Cancellation);
        await WriteAsync(request, resource, accept, page);
    }

    /// <summary>Answers with a list in the form that was chosen.</summary>
    public Task WriteAsync(ApiRequest request, ServedResource resource, MediaType accept, ObjectPage page)
    {
        var (kind, pieces) = accept.As switch
        {
            "Table" => (
                new GroupVersionKind("meta.k8s.io", accept.Version, "Table"),
                [.. tables.Render(resource.Strategy, accept.Version, TableQuery.Read(request), page.Items, page.Metadata), Answer.LineFeed]),
            "PartialObjectMetadataList" or "PartialObjectMetadata" => (
                PartialMetadata.Kind with { Kind = "PartialObjectMetadataList" }, ToMetadata(accept.Version, page)),
            _ => (resource.Kind with { Kind = resource.Kind.Kind + "List" }, ToList(resource, page)),
        };
        return Answer.WriteAsync(request, 200, accept, kind, pieces);
    }

    /// <summary>A hot path: no object is parsed or encoded. Items leave out their kind and apiVersion, as upstream's do.</summary>
    private static List<ReadOnlyMemory<byte>> ToList(ServedResource resource, ObjectPage page)
    {
        var pieces = new List<ReadOnlyMemory<byte>>((2 * page.Items.Count) + 4) { resource.ListHead, page.Metadata.ToJson(), Items };
        for (var i = 0; i < page.Items.Count; i++)
        {
            pieces.Add(i == 0 ? FirstItem : NextItem);
            pieces.Add(page.Items[i].Bytes.Item);
        }

        pieces.Add(End);
        return pieces;
    }

    private static List<ReadOnlyMemory<byte>> ToMetadata(string version, ObjectPage page)
    {
        List<ReadOnlyMemory<byte>> pieces = [PartialMetadata.ListHead(version), page.Metadata.ToJson(), Items];
        for (var i = 0; i < page.Items.Count; i++)
        {
            if (i > 0)
            {
                pieces.Add(Comma);
            }

            pieces.Add(PartialMetadata.Head(version));
            pieces.Add(page.Items[i].Bytes.Metadata);
            pieces.Add(PartialMetadata.Tail);
        }

        pieces.Add(End);
        return pieces;
    }
}
