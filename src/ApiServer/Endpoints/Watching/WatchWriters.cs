using MiniKube.ApiServer.Endpoints.Negotiation;
using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Chooses the form in which a watch is written.</summary>
internal sealed class WatchWriters(TableRenderer tables)
{
    /// <param name="request">Whose query says more of Tables.</param>
    /// <param name="resource">What is watched.</param>
    /// <param name="accept">What was chosen.</param>
    /// <param name="output">Where events go.</param>
    public WatchWriter Create(ApiRequest request, ServedResource resource, MediaType accept, IWatchOutput output) => accept switch
    {
        { Name: MediaType.Protobuf } => new ProtobufWatchWriter(output, resource.Kind, accept.As.Length > 0, isFramed: output is BodyWatchOutput),
        { As: "Table" } => new TableWatchWriter(output, resource, accept.Version, TableQuery.Read(request), tables),
        { As: "PartialObjectMetadata" or "PartialObjectMetadataList" } => new MetadataWatchWriter(output, accept.Version),
        _ => new ObjectWatchWriter(output, resource.Kind),
    };
}
