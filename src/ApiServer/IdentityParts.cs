using MiniKube.ApiServer.Authentication;
using MiniKube.ApiServer.Authentication.ServiceAccounts;
using MiniKube.ApiServer.Authorization;
using MiniKube.ApiServer.Authorization.Rbac;
using MiniKube.ApiServer.Endpoints.Reviews;
using MiniKube.ApiServer.Filters;
using MiniKube.ApiServer.Registry;
using MiniKube.ApiServer.WatchCache;

namespace MiniKube.ApiServer;

/// <summary>Puts together who asks and what he may: keys, tokens, authenticators and the authorizer.</summary>
internal sealed class IdentityParts
{
    private readonly ApiServerOptions _options;
    private readonly TokenAuthenticators _tokens;
    private readonly TimeProvider _clock;

    public IdentityParts(ApiServerOptions options, ResourceCatalog catalog, CacheReads reads, TimeProvider clock)
    {
        (_options, _clock) = (options, clock);
        Keys = ServiceAccountKeys.Load(options);
        TokenObjects = TokenObjects.Of(catalog, reads);
        _tokens = new TokenAuthenticators(TokenKinds(options, Keys, TokenObjects, clock), Keys.ApiAudiences);
        Policy = RbacPolicySource.Of(catalog);
        Authorizer = AuthorizationModes.Create(options.AuthorizationMode, Policy, catalog);
    }

    public ServiceAccountKeys Keys { get; }

    public TokenObjects TokenObjects { get; }

    public RbacPolicySource Policy { get; }

    public IAuthorizer Authorizer { get; }

    public AuthenticationFilter Authentication() => new(
        [
            new RequestHeaderAuthenticator(ClientCertificates.Load(_options.RequestHeader.ClientCaFile), _options.RequestHeader, _clock),
            new CertificateAuthenticator(ClientCertificates.Load(_options.ClientCaFile), _clock),
            new BearerTokenAuthenticator(_tokens),
        ],
        _options.AnonymousAuth);

    public IReadOnlyList<IReview> Reviews() =>
    [
        new SelfSubjectReview(),
        new TokenReview(_tokens),
        new RulesReview(_options.AuthorizationMode.Split(',', StringSplitOptions.TrimEntries), Policy),
        .. AccessReview.All(Authorizer),
    ];

    private static List<ITokenAuthenticator> TokenKinds(ApiServerOptions options, ServiceAccountKeys keys, TokenObjects objects, TimeProvider clock)
    {
        List<ITokenAuthenticator> kinds =
        [
            new ServiceAccountAuthenticator(keys.Issuers, keys.All, new TokenValidator(objects, clock)),
            new LegacyTokenAuthenticator(keys.All, objects, keys.ApiAudiences),
        ];
        if (options.EnableBootstrapTokenAuth)
        {
            kinds.Add(new BootstrapTokenAuthenticator(objects, clock));
        }

        if (options.TokenAuthFile is { } file)
        {
            kinds.Insert(0, new TokenFileAuthenticator(File.ReadLines(file)));
        }

        return kinds;
    }
}
