using MiniKube.ApiServer.Endpoints.Tables;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer.Endpoints.Watching;

/// <summary>Events with a Table of one row each; the first one has the columns' definitions.</summary>
internal sealed class TableWatchWriter(
    IWatchOutput output, ServedResource resource, string version, IncludeObject include, TableRenderer tables) : JsonWatchWriter(output)
{
    private bool _hasColumns;

    protected override void WriteObject(CachedObject obj)
    {
        var pieces = tables.Render(resource.Strategy, version, include, [obj], ListMetadata.OfObject(obj), withColumns: !_hasColumns);
        _hasColumns = true;
        foreach (var piece in pieces)
        {
            Write(piece.Span);
        }
    }

    protected override string BookmarkObject(string metadata) =>
        $"{{\"kind\":\"Table\",\"apiVersion\":\"meta.k8s.io/{version}\",\"metadata\":{metadata},\"columnDefinitions\":[],\"rows\":[]}}";
}
