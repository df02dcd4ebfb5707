using System.Collections.Concurrent;

using MiniKube.Api.Meta;
using MiniKube.Client.Metadata;
using MiniKube.Client.Transport;

namespace MiniKube.Client.ServiceAccounts;

/// <summary>
/// Clients that act as service accounts of kube-system, so that each part of a component has only its own rights. They share one pool of connections, which shows
/// no certificate; tokens are got with the component's own client.
/// </summary>
public sealed class ServiceAccountClients : IDisposable
{
    private const string Namespace = "kube-system";

    private readonly ConcurrentDictionary<string, ServiceAccountToken> _tokens = new(StringComparer.Ordinal);
    private readonly ApiConnection _connection;
    private readonly ObjectClient _own;
    private readonly FencingToken? _fence;
    private readonly TimeProvider _clock;

    public ServiceAccountClients(ApiConnection own, FencingToken? fence, TimeProvider clock)
    {
        _connection = ApiConnection.WithoutCredentials(own.Options);
        _own = new ObjectClient(own, fence, clock);
        (_fence, _clock) = (fence, clock);
    }

    public IObjectClient Objects(string account) => new ObjectClient(TransportOf(account));

    public IMetadataClient Metadata(string account) => new MetadataClient(TransportOf(account));

    public void Dispose()
    {
        _connection.Dispose();
        foreach (var token in _tokens.Values)
        {
            token.Dispose();
        }
    }

    private ApiTransport TransportOf(string account) =>
        new(_connection, _fence, _clock, _tokens.GetOrAdd(account, name => new ServiceAccountToken(_own, new NamespacedName(Namespace, name), _clock)));
}
