using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints;

/// <summary>Chooses the form in which a watch is written.</summary>
internal sealed class WatchWriters(TableRenderer tables)
{
    public WatchWriter Create(ApiRequest request, ServedResource resource, MediaType accept)
    {
        var output = request.Http.Response.BodyWriter;
        return accept.As switch
        {
            "Table" => new TableWatchWriter(output, resource, accept.Version, TableQuery.Read(request), tables),
            "PartialObjectMetadata" or "PartialObjectMetadataList" => new MetadataWatchWriter(output, accept.Version),
            _ => new ObjectWatchWriter(output, resource.Kind),
        };
    }
}
