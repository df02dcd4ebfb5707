using System.Text;
using System.Text.Json.Nodes;

using k8s.Models;

using MiniKube.Api.Errors;
using MiniKube.Api.Meta;
using MiniKube.Api.Tokens;
using MiniKube.Client;
using MiniKube.Client.Controllers;
using MiniKube.Client.Informers;

namespace MiniKube.ControllerManager.Tokens;

/// <summary>Fills Secrets of the type kubernetes.io/service-account-token with a token that does not end, and deletes those whose account is gone.</summary>
internal sealed class ServiceAccountTokenController(
    IObjectClient client, ILister<V1Secret> secrets, ILister<V1ServiceAccount> accounts, ControllerManagerOptions options) : IController
{
    private const string SecretType = "kubernetes.io/service-account-token";
    private const string NameAnnotation = "kubernetes.io/service-account.name";
    private const string UidAnnotation = "kubernetes.io/service-account.uid";

    private readonly SigningKey? _key = options.ServiceAccountPrivateKeyFile is { } file ? SigningKey.Parse(File.ReadAllText(file), file) : null;
    private readonly byte[]? _authority = options.RootCaFile is { } file ? File.ReadAllBytes(file) : null;

    public string Name => "serviceaccount-token-controller";

    public void Configure(ControllerBuilder controller) => controller
        .Watches<V1Secret>(change => (change.New ?? change.Old) is { Type: SecretType } secret ? [secret.Key()] : [])
        .Watches<V1ServiceAccount>(change => (change.New ?? change.Old) is { } account
            ? secrets.List(account.Key().Namespace).Where(secret => AccountOf(secret) == account.Metadata.Name).Select(secret => secret.Key())
            : []);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (_key is null || !secrets.TryGet(key, out var secret) || AccountOf(secret) is not { Length: > 0 } name || secret.Metadata.DeletionTimestamp is not null)
        {
            return ReconcileResult.Done;
        }

        if (await FindAccountAsync(new NamespacedName(key.Namespace, name), cancellationToken) is not { } account || IsOfAnother(secret, account))
        {
            await DeleteAsync(secret, cancellationToken);
        }
        else if (Fill(secret, account, _key) is { } filled)
        {
            await client.UpdateAsync(filled, cancellationToken);
        }

        return ReconcileResult.Done;
    }

    private static string? AccountOf(V1Secret secret) =>
        secret.Type == SecretType && secret.Metadata.Annotations?.TryGetValue(NameAnnotation, out var name) == true ? name : null;

    private static bool IsOfAnother(V1Secret secret, V1ServiceAccount account) =>
        secret.Metadata.Annotations.TryGetValue(UidAnnotation, out var uid) && uid.Length > 0 && uid != account.Metadata.Uid;

    // Secret and account are watched apart: one that is not seen yet may be there.
    private async Task<V1ServiceAccount?> FindAccountAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (accounts.TryGet(key, out var known))
        {
            return known;
        }

        try
        {
            return await client.GetAsync<V1ServiceAccount>(key, cancellationToken);
        }
        catch (StatusException error) when (error.Code == 404)
        {
            return null;
        }
    }

    private Task DeleteAsync(V1Secret secret, CancellationToken cancellationToken) => client.DeleteAsync<V1Secret>(
        secret.Key(), new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = secret.Metadata.Uid } }, cancellationToken);

    /// <summary>The secret with what it lacks; null when it lacks nothing.</summary>
    private V1Secret? Fill(V1Secret secret, V1ServiceAccount account, SigningKey key)
    {
        var data = new Dictionary<string, byte[]>(secret.Data ?? new Dictionary<string, byte[]>());
        var isRight = secret.Metadata.Annotations.TryGetValue(UidAnnotation, out var uid) && uid == account.Metadata.Uid;
        if (_authority is not null && (!data.TryGetValue("ca.crt", out var authority) || !authority.AsSpan().SequenceEqual(_authority)))
        {
            (data["ca.crt"], isRight) = (_authority, false);
        }

        var ns = Encoding.UTF8.GetBytes(secret.Key().Namespace);
        if (!data.TryGetValue("namespace", out var given) || !given.AsSpan().SequenceEqual(ns))
        {
            (data["namespace"], isRight) = (ns, false);
        }

        if (!data.TryGetValue("token", out var token) || token.Length == 0)
        {
            (data["token"], isRight) = (Encoding.ASCII.GetBytes(Sign(secret, account, key)), false);
        }

        var annotations = new Dictionary<string, string>(secret.Metadata.Annotations) { [UidAnnotation] = account.Metadata.Uid };
        return isRight ? null : secret with { Data = data, Metadata = secret.Metadata with { Annotations = annotations } };
    }

    private static string Sign(V1Secret secret, V1ServiceAccount account, SigningKey key)
    {
        var (ns, name) = (account.Key().Namespace, account.Metadata.Name);
        return key.Sign(new JsonObject
        {
            ["iss"] = LegacyToken.Issuer,
            [LegacyToken.Namespace] = ns,
            [LegacyToken.SecretName] = secret.Metadata.Name,
            [LegacyToken.AccountName] = name,
            [LegacyToken.AccountUid] = account.Metadata.Uid,
            ["sub"] = $"system:serviceaccount:{ns}:{name}",
        });
    }
}
