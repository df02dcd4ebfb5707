namespace MiniKube.Api.Tokens;

/// <summary>The claims of tokens that are kept in Secrets of the type kubernetes.io/service-account-token.</summary>
public static class LegacyToken
{
    public const string Issuer = "kubernetes/serviceaccount";
    public const string Namespace = "kubernetes.io/serviceaccount/namespace";
    public const string SecretName = "kubernetes.io/serviceaccount/secret.name";
    public const string AccountName = "kubernetes.io/serviceaccount/service-account.name";
    public const string AccountUid = "kubernetes.io/serviceaccount/service-account.uid";
}
