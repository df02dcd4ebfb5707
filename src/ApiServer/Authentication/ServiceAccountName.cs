namespace MiniKube.ApiServer.Authentication;

/// <summary>Service accounts as users and groups.</summary>
internal static class ServiceAccountName
{
    public const string AllGroup = "system:serviceaccounts";
    private const string UserPrefix = "system:serviceaccount:";

    public static string UserOf(string @namespace, string name) => $"{UserPrefix}{@namespace}:{name}";

    /// <summary>The groups that every account of a namespace is in.</summary>
    public static string[] GroupsOf(string @namespace) => [AllGroup, $"{AllGroup}:{@namespace}"];

    /// <summary>Takes the user name of a service account apart.</summary>
    public static bool TryParse(string user, out string @namespace, out string name)
    {
        (@namespace, name) = ("", "");
        if (!user.StartsWith(UserPrefix, StringComparison.Ordinal) || user[UserPrefix.Length..].Split(':') is not [{ Length: > 0 } first, { Length: > 0 } second])
        {
            return false;
        }

        (@namespace, name) = (first, second);
        return true;
    }
}
